"""`python -m shoal_sim.reef`: launched by Shoal, a worker."""

import sys

from shoal_sim.worker import run_simulation

from .simulation import Reef

if __name__ == "__main__":
    sys.exit(run_simulation(Reef, "shoal-reef/1.0"))
