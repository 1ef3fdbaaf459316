import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RestartConfig } from '../../src/domain/configuration.ts';
import type { SimulationId } from '../../src/domain/ids.ts';
import { NEVER_RESTARTED } from '../../src/domain/supervision/never-restarted.ts';
import { anyone, DomainUnderTest } from '../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../support/fakes/fake-worker-type.ts';
import { settle } from '../support/fakes/settle.ts';

const WINDOW_MS = 60_000;
const MIN_UPTIME_MS = 1_000;
const REGISTER_MS = 10_000;
/** Without jitter; the same before every restart. */
const BACKOFF_MS = 500;

/** What contract section 6 and the restart policy say of one simulation, in as few words as that takes. */
interface Model {
  readonly policy: RestartConfig['policy'];
  readonly maxRestarts: number;
  state: 'STARTING' | 'RUNNING' | 'RESTARTING' | 'COMPLETED' | 'FAILED' | 'STOPPED';
  reason: string | undefined;
  nowMs: number;
  launches: number;
  restartedAtMs: number[];
  /** When it has not registered by then, or when it is launched again. */
  dueAtMs: number;
}

interface Real {
  readonly domain: DomainUnderTest;
  readonly id: SimulationId;
}

type Move = fc.AsyncCommand<Model, Real>;

const hasWorker = ({ state }: Model) => state === 'STARTING' || state === 'RUNNING';

/** A worker has ended that nobody had asked to. */
function end(model: Model, outcome: 'COMPLETED' | 'FAILED', reason: string, isForGood = false): void {
  const wantsAnother = model.policy === 'always' || (model.policy === 'on-failure' && outcome === 'FAILED');
  const recent = model.restartedAtMs.filter((atMs) => model.nowMs - atMs <= WINDOW_MS).length;
  model.reason = reason;
  if (!wantsAnother || isForGood) model.state = outcome;
  else if (recent >= model.maxRestarts) {
    model.state = 'FAILED';
    model.reason = 'RESTARTS_EXHAUSTED';
  } else {
    model.state = 'RESTARTING';
    model.restartedAtMs.push(model.nowMs);
    model.dueAtMs = model.nowMs + BACKOFF_MS;
  }
}

async function expectSame({ domain, id }: Real, model: Model): Promise<void> {
  await settle();
  const { state, reason, restarts, incarnation } = domain.simulation(id);
  expect({ state, reason, restarts, incarnation }).toEqual({
    state: model.state,
    reason: model.reason,
    restarts: model.restartedAtMs.length,
    incarnation: model.launches,
  });
  expect(domain.launcher.alive).toHaveLength(hasWorker(model) ? 1 : 0);
}

class Register implements Move {
  check = hasWorker;

  async run(model: Model, real: Real): Promise<void> {
    await real.domain.register(real.id);
    model.state = 'RUNNING';
    model.dueAtMs = Number.POSITIVE_INFINITY;
    await expectSame(real, model);
  }

  toString = () => 'register';
}

class Exit implements Move {
  readonly #code: number;

  constructor(code: number) {
    this.#code = code;
  }

  check = hasWorker;

  async run(model: Model, real: Real): Promise<void> {
    const isForGood = this.#code === 78 || this.#code === 125;
    if (model.state === 'STARTING') end(model, 'FAILED', 'EXITED_BEFORE_REGISTERING', isForGood);
    else if (this.#code === 0) end(model, 'COMPLETED', 'COMPLETED');
    else end(model, 'FAILED', 'WORKER_CRASHED', isForGood);
    real.domain.program(real.id).exit({ code: this.#code });
    await expectSame(real, model);
  }

  toString = () => `exit ${this.#code}`;
}

class Stop implements Move {
  check = (model: Readonly<Model>) => hasWorker(model) || model.state === 'RESTARTING';

  async run(model: Model, real: Real): Promise<void> {
    const command = { name: 'stop', force: true } as const;
    const request = { simulationId: real.id, command, requestId: '', fingerprint: '', wait: true };
    const { state } = await real.domain.control.run(anyone(), request);
    model.state = 'STOPPED';
    model.reason = 'STOPPED_BY_REQUEST';
    expect(state).toBe('STOPPED');
    await expectSame(real, model);
  }

  toString = () => 'stop by force';
}

class Wait implements Move {
  readonly #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }

  check = () => true;

  async run(model: Model, real: Real): Promise<void> {
    await real.domain.clock.advance(this.#ms);
    const untilMs = model.nowMs + this.#ms;
    while (model.dueAtMs <= untilMs && (model.state === 'STARTING' || model.state === 'RESTARTING')) {
      model.nowMs = model.dueAtMs;
      if (model.state === 'STARTING') end(model, 'FAILED', 'REGISTER_TIMEOUT');
      else {
        model.state = 'STARTING';
        model.launches += 1;
        model.reason = undefined;
        model.dueAtMs = model.nowMs + REGISTER_MS;
      }
    }
    model.nowMs = untilMs;
    await expectSame(real, model);
  }

  toString = () => `${this.#ms} ms pass`;
}

const moves = [
  fc.constant(new Register()),
  fc.constantFrom(0, 3, 3, 78, 125).map((code) => new Exit(code)),
  fc.constant(new Stop()),
  fc.constantFrom(1, BACKOFF_MS, 2_000, REGISTER_MS, WINDOW_MS).map((ms) => new Wait(ms)),
];

test('a simulation is restarted as its policy says, whatever becomes of its workers', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(moves, { maxCommands: 40 }),
      fc.constantFrom<RestartConfig['policy']>('never', 'on-failure', 'on-failure', 'always'),
      fc.integer({ min: 0, max: 3 }),
      async (commands, policy, maxRestarts) => {
        const backoff = { initialMs: BACKOFF_MS, maxMs: BACKOFF_MS, factor: 1, jitter: 0 };
        const breaker = { failures: 0, coolDownMs: 1_000 };
        const resetAfterMs = 1_000_000_000;
        const restart = {
          ...NEVER_RESTARTED,
          policy,
          maxRestarts,
          windowMs: WINDOW_MS,
          backoff,
          breaker,
          resetAfterMs,
        };
        const config = { restart: { ...restart, minUptimeMs: MIN_UPTIME_MS } };
        const domain = new DomainUnderTest({ types: [fakeWorkerType('fish', { config })] });
        const id = await domain.launch();
        const model: Model = {
          policy,
          maxRestarts,
          state: 'STARTING',
          reason: undefined,
          nowMs: 0,
          launches: 1,
          restartedAtMs: [],
          dueAtMs: REGISTER_MS,
        };
        await fc.asyncModelRun(() => ({ model, real: { domain, id } }), commands);
        await domain.supervisor.stopAll({ force: true });
        await domain.clock.advance(60_000);
        expect(domain.launcher.alive).toEqual([]);
      },
    ),
    { numRuns: 1_000 },
  );
});
