"""Starts the runs of a plan under Shoal, follows them to their ends, and writes down what became of them."""
