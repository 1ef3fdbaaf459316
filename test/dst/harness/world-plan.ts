import { Dice } from '../../support/fakes/dice.ts';

/** What a seed decided about its world before anything happened in it; not every world has every kind of trouble. */
export interface WorldPlan {
  readonly simulations: number;
  /** How long trouble is made. */
  readonly troubleMs: number;
  /** The log and the bus are a server's, which can be away; else they are the daemon's own. */
  readonly hasServer: boolean;
  readonly trouble: {
    /** How likely it is, for each worker. */
    readonly worker: number;
    /** How many times within the time of trouble. */
    readonly daemonCrashes: number;
    readonly outages: number;
    readonly slowSpells: number;
    readonly cuts: number;
    readonly workerKills: number;
    readonly clockJumps: number;
    readonly launchFailures: number;
    readonly lostCommands: number;
  };
  /** After the trouble everything goes on for a while. */
  readonly hasCalm: boolean;
  /** At the end the daemon is told to stop while simulations run. */
  readonly stopsDaemonEarly: boolean;
}

export function planWorld(seed: number): WorldPlan {
  const dice = new Dice(seed ^ 0x5eed);
  /** Half of the worlds have none of a kind. */
  const some = (max: number) => (dice.chance(0.5) ? 0 : 1 + dice.upTo(max - 1));
  const likely = (max: number) => (dice.chance(0.5) ? 0 : dice.next() * max);
  return {
    simulations: 1 + dice.upTo(3),
    troubleMs: 2_000 + dice.upTo(15_000),
    hasServer: dice.chance(0.5),
    trouble: {
      worker: likely(0.8),
      daemonCrashes: some(3),
      outages: some(3),
      slowSpells: some(3),
      cuts: some(6),
      workerKills: some(3),
      clockJumps: some(2),
      launchFailures: likely(0.4),
      lostCommands: likely(0.3),
    },
    hasCalm: dice.chance(0.25),
    stopsDaemonEarly: dice.chance(0.3),
  };
}
