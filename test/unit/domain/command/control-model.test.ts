import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../../../src/domain/command/command.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { toShoalError } from '../../../../src/domain/shoal-error.ts';
import type { SimulationState } from '../../../../src/domain/simulation/simulation-state.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

/** What contract sections 5 and 6 say of one simulation, in as few words as that takes. */
interface Model {
  state: SimulationState;
  readonly startPaused: boolean;
  readonly canReset: boolean;
  incarnation: number;
}

interface Real {
  readonly domain: DomainUnderTest;
  readonly id: SimulationId;
}

type Move = fc.AsyncCommand<Model, Real>;

const isOver = ({ state }: Model) => state === 'COMPLETED' || state === 'FAILED' || state === 'STOPPED';
const isUp = ({ state }: Model) => state === 'RUNNING' || state === 'PAUSED';

async function expectState({ domain, id }: Real, model: Model): Promise<void> {
  await settle();
  expect(domain.simulation(id)).toMatchObject({ state: model.state, incarnation: model.incarnation });
  expect(domain.launcher.alive).toHaveLength(isOver(model) ? 0 : 1);
}

class Register implements Move {
  check = (model: Readonly<Model>) => !isOver(model);

  async run(model: Model, real: Real): Promise<void> {
    await real.domain.register(real.id);
    if (model.state === 'STARTING') model.state = model.startPaused ? 'PAUSED' : 'RUNNING';
    await expectState(real, model);
  }

  toString = () => 'register';
}

type Reply = 'obeys' | 'refuses' | 'is silent';

class Send implements Move {
  readonly #command: Command;
  readonly #reply: Reply;

  constructor(command: Command, reply: Reply) {
    this.#command = command;
    this.#reply = reply;
  }

  /** A reset by restart is a move of its own. */
  check = (model: Readonly<Model>) => this.#command.name !== 'reset' || model.canReset || !isUp(model);

  async run(model: Model, real: Real): Promise<void> {
    const { domain } = real;
    const sentBefore = domain.channel.sent.length;
    const outcome = call(real, this.#command);
    await settle();
    const { name } = this.#command;
    const allowed =
      name === 'pause'
        ? model.state === 'RUNNING'
        : name === 'resume' || name === 'step'
          ? model.state === 'PAUSED'
          : isUp(model);
    if (!allowed) {
      expect(await outcome).toBe('ILLEGAL_TRANSITION');
      expect(domain.channel.sent).toHaveLength(sentBefore);
      return expectState(real, model);
    }
    if (this.#reply === 'is silent') {
      await domain.clock.advance(10_000);
      expect(await outcome).toBe('TIMED_OUT');
      return expectState(real, model);
    }
    const obeys = this.#reply === 'obeys';
    await domain.acknowledge(domain.lastCommand(), { ok: obeys, code: obeys ? 0 : 9 });
    if (obeys && name === 'pause') model.state = 'PAUSED';
    if (obeys && name === 'resume') model.state = 'RUNNING';
    expect(await outcome).toBe(`${obeys ? 'APPLIED' : 'REFUSED'} ${model.state}`);
    return expectState(real, model);
  }

  toString = () => `${this.#command.name}, the worker ${this.#reply}`;
}

class ResetByRestart implements Move {
  readonly #comesUp: boolean;

  constructor(comesUp: boolean) {
    this.#comesUp = comesUp;
  }

  check = (model: Readonly<Model>) => !model.canReset && isUp(model);

  async run(model: Model, real: Real): Promise<void> {
    const { domain, id } = real;
    const outcome = call(real, { name: 'reset' });
    await settle();
    expect(domain.state(id)).toBe('RESTARTING');
    domain.program(id).exit({ code: 0 });
    await settle();
    model.incarnation += 1;
    if (this.#comesUp) await domain.register(id);
    else domain.program(id).exit({ code: 1 });
    if (!this.#comesUp) model.state = 'FAILED';
    expect(await outcome).toBe(this.#comesUp ? `APPLIED ${model.state}` : 'WORKER_UNREACHABLE');
    await expectState(real, model);
  }

  toString = () => `reset by restart, which ${this.#comesUp ? 'comes up' : 'fails'}`;
}

class Stop implements Move {
  readonly #force: boolean;

  constructor(force: boolean) {
    this.#force = force;
  }

  check = () => true;

  async run(model: Model, real: Real): Promise<void> {
    const outcome = call(real, { name: 'stop', force: this.#force, graceMs: 100 });
    await real.domain.clock.advance(200);
    if (isOver(model)) expect(await outcome).toBe('ILLEGAL_TRANSITION');
    else {
      model.state = 'STOPPED';
      expect(await outcome).toBe('APPLIED STOPPED');
    }
    await expectState(real, model);
  }

  toString = () => (this.#force ? 'stop by force' : 'stop');
}

class Exit implements Move {
  readonly #code: number;

  constructor(code: number) {
    this.#code = code;
  }

  check = (model: Readonly<Model>) => !isOver(model);

  async run(model: Model, real: Real): Promise<void> {
    real.domain.program(real.id).exit({ code: this.#code });
    model.state = isUp(model) && this.#code === 0 ? 'COMPLETED' : 'FAILED';
    await expectState(real, model);
  }

  toString = () => `exit ${this.#code}`;
}

class Wait implements Move {
  check = () => true;

  async run(model: Model, real: Real): Promise<void> {
    await real.domain.clock.advance(10_000);
    if (model.state === 'STARTING') model.state = 'FAILED';
    await expectState(real, model);
  }

  toString = () => 'ten seconds pass';
}

function call({ domain, id }: Real, command: Command): Promise<string> {
  const request = { simulationId: id, command, requestId: '', fingerprint: '', wait: true };
  return domain.control.run(anyone(), request).then(
    ({ phase, state }) => `${phase} ${state}`,
    (thrown) => toShoalError(thrown).code,
  );
}

const sent: Command[] = [
  { name: 'pause' },
  { name: 'resume' },
  { name: 'step', ticks: 1n },
  { name: 'reset' },
  { name: 'set_speed', ticksPerSecond: 1 },
  { name: 'snapshot', snapshotName: 'a' },
];

const moves = [
  fc.constant(new Register()),
  fc
    .constantFrom(...sent)
    .chain((command) =>
      fc.constantFrom<Reply>('obeys', 'obeys', 'refuses', 'is silent').map((reply) => new Send(command, reply)),
    ),
  fc.boolean().map((comesUp) => new ResetByRestart(comesUp)),
  fc.boolean().map((force) => new Stop(force)),
  fc.constantFrom(0, 3).map((code) => new Exit(code)),
  fc.constant(new Wait()),
];

describe('one simulation, whatever is done to it one after another', () => {
  test('is where the contract says, and refuses what the contract forbids', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands(moves, { maxCommands: 30 }),
        fc.boolean(),
        fc.boolean(),
        async (commands, startPaused, canReset) => {
          const all = ['pause', 'resume', 'step', 'set_speed', 'snapshot', 'stop'] as const;
          const types = [fakeWorkerType('fish', { commands: canReset ? [...all, 'reset'] : all })];
          const domain = new DomainUnderTest({ types });
          const id = await domain.launch({ startPaused });
          const model: Model = { state: 'STARTING', startPaused, canReset, incarnation: 1 };
          await fc.asyncModelRun(() => ({ model, real: { domain, id } }), commands);
          await domain.supervisor.stopAll({ force: true });
          await domain.clock.advance(2_000);
          expect([domain.launcher.alive, domain.clock.pending]).toEqual([[], 0]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
