import { NO_COMMAND_FAULTS } from '../ports/simulated-command-channel.ts';
import type { World } from './world.ts';

/** Two of them are less than the hour for which request ids are kept, by the wall clock. */
const JUMP_MS = 25 * 60_000;

/** Makes the trouble that the world's plan asks for, at times that the dice choose. */
export class Trouble {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  begin(): void {
    const { plan, network } = this.#world;
    const { trouble } = plan;
    this.#world.launchFailures = trouble.launchFailures;
    this.#world.commandFaults = { lost: trouble.lostCommands, doubled: trouble.lostCommands, losesFirst: false };
    network.cutCalls = trouble.cuts > 0 ? 0.1 : 0;
    this.#sometimes(trouble.daemonCrashes, () => this.#world.crashDaemon());
    this.#sometimes(trouble.outages, () => this.#outage());
    this.#sometimes(trouble.slowSpells, () => this.#slowSpell());
    this.#sometimes(trouble.cuts, () => this.#cut());
    this.#sometimes(trouble.workerKills, () => this.#harmWorker());
    this.#sometimes(trouble.clockJumps, () => this.#jump());
  }

  /** From now on nothing goes wrong by itself; what has gone wrong may have its consequences still. */
  end(): void {
    const { network, disk, messaging } = this.#world;
    this.#world.launchFailures = 0;
    this.#world.commandFaults = NO_COMMAND_FAULTS;
    network.cutCalls = 0;
    for (const backend of [disk, messaging]) {
      backend.isAway = false;
      backend.slownessMs = 3;
    }
  }

  #sometimes(times: number, make: () => void): void {
    const { scheduler, plan } = this.#world;
    for (let left = times; left > 0; left -= 1) scheduler.later(scheduler.dice.upTo(plan.troubleMs), make);
  }

  #outage(): void {
    const { scheduler, plan, disk, messaging } = this.#world;
    const backend = plan.hasServer && scheduler.dice.chance(0.7) ? messaging : disk;
    scheduler.trace.note(backend.name, 'goes away');
    backend.isAway = true;
    scheduler.later(scheduler.dice.upTo(6_000), () => {
      scheduler.trace.note(backend.name, 'is back');
      backend.isAway = false;
    });
  }

  #slowSpell(): void {
    const { scheduler, disk, messaging } = this.#world;
    const backend = scheduler.dice.pick([disk, messaging]);
    scheduler.trace.note(backend.name, 'is slow');
    backend.slownessMs = 50 + scheduler.dice.upTo(400);
    scheduler.later(scheduler.dice.upTo(3_000), () => {
      backend.slownessMs = 3;
    });
  }

  #cut(): void {
    const { scheduler, network } = this.#world;
    const { connections } = network;
    if (connections.length === 0) return;
    const connection = scheduler.dice.pick(connections);
    const isSilent = scheduler.dice.chance(0.3);
    scheduler.trace.note(connection.process.plan.workerId, isSilent ? 'is half cut off' : 'is cut off');
    if (isSilent) connection.fallSilent();
    else connection.cut();
  }

  #harmWorker(): void {
    const { scheduler, machine } = this.#world;
    const { alive } = machine;
    if (alive.length === 0) return;
    const process = scheduler.dice.pick(alive);
    if (scheduler.dice.chance(0.7)) process.end({ signal: scheduler.dice.pick(['SIGKILL', 'SIGSEGV', 'SIGTERM']) });
    // One that hangs by itself is not woken.
    else if (process.program?.trouble?.kind !== 'frozen') {
      process.freeze();
      scheduler.later(scheduler.dice.upTo(10_000), () => process.thaw());
    }
  }

  #jump(): void {
    const { scheduler, wall } = this.#world;
    wall.offsetMs += scheduler.dice.pick([-JUMP_MS, -1_000, 1_000, JUMP_MS]);
    scheduler.trace.note('wall clock', 'jumps to', wall.offsetMs);
  }
}
