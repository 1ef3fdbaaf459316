"""A small reef: fish that look for food, one agent each. `python -m shoal_sim.reef` is a worker that runs it."""
