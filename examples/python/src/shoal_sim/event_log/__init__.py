"""Writes the events that Shoal logs in a JetStream stream into Parquet files, each event exactly once."""
