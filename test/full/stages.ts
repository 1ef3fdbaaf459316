/** One part of `npm run test:full`: what `npm test` leaves out, and why. */
export interface FullStage {
  /** Of its folder in test/full, too. */
  readonly name: string;
  readonly proves: string;
  readonly needs: string;
}

/** The contract suite comes before these, once for each server. */
export const serversStage: FullStage = {
  name: 'contract',
  proves: 'the NATS adapters on the oldest and on a current nats-server',
  needs: "Debian's apt-get and Go",
};

/** These need a Docker engine; the run finds or starts one. */
export const containersStage: FullStage = {
  name: 'containers',
  proves: 'nats-server in a container',
  needs: 'a Docker engine, or apt-get',
};

/** Left out where SHOAL_TEST_UNPRIVILEGED says that it may not be root. */
export const diskStage: FullStage = {
  name: 'nats-disk',
  proves: 'what Shoal does when the disk of its NATS server is full',
  needs: 'root, to mount a small disk',
};

/** In the order in which they run. */
const folderStages: readonly FullStage[] = [
  { name: 'packaging', proves: 'the packed package, installed as a stranger installs it', needs: 'minutes' },
  { name: 'demo', proves: 'what the demo shows on a terminal', needs: 'minutes' },
  { name: 'dst', proves: 'the domain in five thousand simulated worlds more', needs: 'minutes' },
  { name: 'chaos', proves: 'two hundred rounds of faults', needs: 'minutes' },
  { name: 'long', proves: 'long rounds of lockstep', needs: 'minutes' },
  { name: 'nats-faults', proves: 'Shoal under load while its NATS server fails in all its ways', needs: 'minutes' },
  diskStage,
  { name: 'hostile', proves: 'ten thousand calls, a thousand streams and readers who never read', needs: 'minutes' },
  { name: 'conformance', proves: 'each check of `shoal conformance`, by workers that fail it', needs: 'minutes' },
  { name: 'rust', proves: 'the worker in Rust', needs: 'Rust' },
  { name: 'python', proves: 'workers, agents and services in Python', needs: 'Python' },
  { name: 'clients', proves: 'clients in Go, Python and Rust', needs: 'Go, Python and Rust' },
  { name: 'init', proves: 'the projects that `shoal init` writes', needs: 'Rust and Python' },
  { name: 'loop', proves: 'simulations, an agent and the Parquet log in one loop', needs: 'Rust and Python' },
];

export const fullStages: readonly FullStage[] = [serversStage, ...folderStages, containersStage];
