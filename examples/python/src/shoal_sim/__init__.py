"""Simulations under Shoal: `worker` to write one, `agent` to act in one, `client` and `experiments` to run many."""
