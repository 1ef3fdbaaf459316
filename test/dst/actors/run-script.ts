import type { Command } from '../../../src/domain/command/command.ts';
import type { ControlAnswer, ControlRequest } from '../../../src/domain/command/control-request.ts';
import type { SimulationId } from '../../../src/domain/ids.ts';
import type { CommandCheck } from '../checks/command-check.ts';
import type { StartCheck } from '../checks/start-check.ts';
import type { World } from '../harness/world.ts';
import { codeOf, mayTryAgain, SimulatedClient } from './simulated-client.ts';
import { Subscriber } from './subscriber.ts';

const TRY_AGAIN_MS = 400;
const MAX_TRIES = 6;

export interface RunScriptParts {
  readonly starts: StartCheck;
  readonly commands: CommandCheck;
  /** Where those are put who read events. */
  readonly subscribers: Subscriber[];
}

/** One caller: starts a simulation, gives it some commands, and perhaps reads its events. */
export class RunScript {
  readonly #world: World;
  readonly #client: SimulatedClient;
  readonly #number: number;
  readonly #starts: StartCheck;
  readonly #commands: CommandCheck;
  readonly #subscribers: Subscriber[];
  #requests = 0;

  constructor(world: World, number: number, { starts, commands, subscribers }: RunScriptParts) {
    this.#world = world;
    this.#number = number;
    this.#client = new SimulatedClient(world.scheduler, world.network, `client ${number}`);
    this.#starts = starts;
    this.#commands = commands;
    this.#subscribers = subscribers;
  }

  async run(): Promise<void> {
    const { dice } = this.#world.scheduler;
    const { troubleMs } = this.#world.plan;
    await this.#client.sleep(dice.upTo(troubleMs / 2));
    const id = await this.#start();
    if (id === undefined) return;
    if (dice.chance(0.4)) this.#subscribers.push(new Subscriber(this.#world, this.#client, id));
    for (let left = dice.upTo(6); left > 0; left -= 1) {
      await this.#client.sleep(dice.upTo(troubleMs / 8));
      await this.#control(id, this.#throwCommand());
    }
    if (dice.chance(0.3)) await this.#remove(id);
  }

  /** It cannot be removed before it is over; whoever wants that tries for a while. */
  async #remove(id: SimulationId): Promise<void> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      try {
        await this.#client.call(`remove ${id}`, (daemon, context) => daemon.remove.run(context, id));
        return;
      } catch (thrown) {
        codeOf(thrown);
        await this.#client.sleep(TRY_AGAIN_MS);
      }
    }
  }

  async #start(): Promise<SimulationId | undefined> {
    const { dice } = this.#world.scheduler;
    const requestId = dice.chance(0.8) ? `start-${this.#number}` : '';
    const request = {
      simulationId: '',
      workerType: dice.pick(['fish', 'trout', 'snail', 'turtle']),
      labels: {},
      startPaused: dice.chance(0.2),
      requestId,
      fingerprint: requestId,
      ...(dice.chance(0.2) ? { maxRunTimeMs: dice.pick([2_000, 8_000, 600_000]) } : {}),
    };
    const send = async (): Promise<SimulationId> => {
      const { simulation } = await this.#client.call(`start ${requestId}`, (daemon, context) =>
        daemon.start.run(context, request),
      );
      this.#starts.answered(requestId, simulation.id);
      return simulation.id;
    };
    for (;;) {
      // An impatient caller sends it twice.
      if (requestId !== '' && dice.chance(0.2)) void send().catch(codeOf);
      try {
        return await send();
      } catch (thrown) {
        if (!mayTryAgain(codeOf(thrown)) || requestId === '') return undefined;
        await this.#client.sleep(TRY_AGAIN_MS);
      }
    }
  }

  async #control(simulationId: SimulationId, command: Command): Promise<void> {
    const { dice, trace } = this.#world.scheduler;
    this.#requests += 1;
    const name = `${this.#number}-${this.#requests}`;
    const requestId = dice.chance(0.7) ? `control-${name}` : '';
    const request = { simulationId, command, requestId, fingerprint: requestId, wait: dice.chance(0.7) };
    const tag = command.name === 'custom' ? Buffer.from(command.payload).toString() : '';
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      try {
        const answer = await this.#send(request, name);
        this.#commands.answered({ requestId, tag, answer });
        trace.note(`client ${this.#number}`, `${name} is answered`, answer.phase);
        // Somebody who has lost the answer asks again, perhaps another daemon.
        if (requestId === '' || !dice.chance(0.3)) return;
      } catch (thrown) {
        const code = codeOf(thrown);
        trace.note(`client ${this.#number}`, `${name} is answered`, code);
        this.#commands.refused({ requestId, tag, code, tries });
        if (!mayTryAgain(code) || requestId === '') return;
      }
      await this.#client.sleep(dice.upTo(2 * TRY_AGAIN_MS));
    }
  }

  #send(request: ControlRequest, name: string): Promise<ControlAnswer> {
    const what = `${request.command.name} ${request.simulationId} ${name}`;
    return this.#client.call(what, (daemon, context) => daemon.control.run(context, request));
  }

  #throwCommand(): Command {
    const { dice } = this.#world.scheduler;
    const tag = `tag-${this.#number}-${this.#requests + 1}`;
    const commands: Command[] = [
      { name: 'pause' },
      { name: 'resume' },
      { name: 'step', ticks: BigInt(1 + dice.upTo(3)) },
      { name: 'reset' },
      { name: 'custom', key: 'fish.feed', payload: Buffer.from(tag), contentType: '' },
      { name: 'custom', key: 'fish.feed', payload: Buffer.from(tag), contentType: '' },
      { name: 'stop', force: dice.chance(0.3), graceMs: dice.upTo(1_000) },
    ];
    return dice.pick(commands);
  }
}
