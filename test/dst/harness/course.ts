import { Finisher } from '../actors/finisher.ts';
import { probe } from '../actors/probe.ts';
import { RunScript } from '../actors/run-script.ts';
import type { SimulatedDaemon } from '../actors/simulated-daemon.ts';
import type { Subscriber } from '../actors/subscriber.ts';
import { Watcher } from '../actors/watcher.ts';
import { demandTruth } from '../checks/calm-check.ts';
import { CommandCheck } from '../checks/command-check.ts';
import { demandProof } from '../checks/manifest-check.ts';
import { isOver } from '../checks/record-check.ts';
import { demandRest } from '../checks/rest-check.ts';
import { StartCheck } from '../checks/start-check.ts';
import { Trouble } from './trouble.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

/** Longer than anything takes that a caller waits for. */
const SCRIPTS_MS = 300_000;
/** Longer than it takes to find out a worker that is of no use. */
const CALM_MS = 25_000;
const ENDS_MS = 120_000;
/** Longer than a worker looks for a daemon that has gone. */
const ORPHANS_MS = 45_000;
const STOP_MS = 60_000;
/** Longer than tokens linger. */
const REST_MS = 5_000;

/** What happens in a world, one part after the other: trouble, calm, the end; with a look at everything in between. */
export class Course {
  readonly #world: World;
  readonly #watcher: Watcher;
  readonly #starts = new StartCheck();
  readonly #commands: CommandCheck;
  readonly #subscribers: Subscriber[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#watcher = new Watcher(world);
    this.#commands = new CommandCheck(world.journals);
  }

  /** @throws Violation; whatever was thrown where nobody waits for it */
  async run(): Promise<void> {
    const { plan } = this.#world;
    this.#world.bootDaemon();
    this.#world.attend(this.#watcher.run());
    await this.#trouble();
    if (plan.hasCalm) await this.#calm();
    if (!plan.stopsDaemonEarly) await this.#finish();
    const { daemon } = this.#world.network;
    demand(daemon !== undefined, () => 'there is no daemon');
    await this.#stop(daemon);
    demandRest(this.#world, daemon, this.#subscribers);
    this.#world.eventCheck.atTheEnd(this.#world.journals);
    for (const { simulation } of this.#world.records.all()) {
      // One whose removal was cut short has lost its events already.
      const isWhole = !this.#world.events.wasRemoved(simulation.id);
      demandProof(this.#world.events, simulation.id, isWhole && !plan.stopsDaemonEarly);
    }
    this.#commands.atTheEnd();
  }

  async #trouble(): Promise<void> {
    const { plan } = this.#world;
    const trouble = new Trouble(this.#world);
    const parts = { starts: this.#starts, commands: this.#commands, subscribers: this.#subscribers };
    let open = plan.simulations;
    for (let number = 1; number <= plan.simulations; number += 1) {
      const script = new RunScript(this.#world, number, parts).run().then(() => {
        open -= 1;
      });
      this.#world.attend(script);
    }
    trouble.begin();
    await this.#pass(plan.troubleMs);
    trouble.end();
    await this.#until('a daemon is ready', () => this.#world.hasDaemon, SCRIPTS_MS);
    await this.#until('all callers have their answers', () => open === 0, SCRIPTS_MS);
  }

  async #calm(): Promise<void> {
    const calmSinceMs = this.#world.scheduler.nowMs;
    await this.#pass(CALM_MS);
    demandTruth(this.#world, calmSinceMs);
    await this.#done('all commands are done', probe(this.#world), ENDS_MS);
  }

  /** Somebody ends what does not end by itself; then everything comes to rest while the daemon still runs. */
  async #finish(): Promise<void> {
    const { records, machine } = this.#world;
    this.#world.attend(new Finisher(this.#world).stopAll());
    const allOver = () => records.all().every(({ simulation }) => isOver(simulation.state));
    await this.#until('all simulations are over', allOver, ENDS_MS);
    await this.#until('no worker is left', () => machine.alive.length === 0, ORPHANS_MS);
    await this.#pass(REST_MS);
    await this.#until('a watcher is told everything', () => this.#watcher.isSynced, ENDS_MS);
    this.#watcher.compare(records.all());
  }

  async #stop(daemon: SimulatedDaemon): Promise<void> {
    this.#watcher.stop();
    await this.#done('the daemon has stopped', daemon.stop(), STOP_MS);
    await this.#pass(REST_MS);
    for (const subscriber of this.#subscribers) subscriber.leave();
    await this.#pass(REST_MS);
  }

  async #done(what: string, work: Promise<void>, limitMs: number): Promise<void> {
    let isDone = false;
    const end = work.then(() => {
      isDone = true;
    });
    this.#world.attend(end);
    await this.#until(what, () => isDone, limitMs);
  }

  async #until(what: string, isSo: () => boolean, limitMs: number): Promise<void> {
    const isInTime = await this.#world.scheduler.run(() => {
      this.#throwFailures();
      return isSo();
    }, limitMs);
    this.#throwFailures();
    demand(isInTime, () => `${what} within ${limitMs} ms, and not`);
  }

  async #pass(ms: number): Promise<void> {
    await this.#world.scheduler.run(() => {
      this.#throwFailures();
      return false;
    }, ms);
    this.#throwFailures();
  }

  #throwFailures(): void {
    const { failures } = this.#world;
    if (failures.length > 0) throw failures[0];
  }
}
