import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import { mayFollow } from '../../../../src/domain/simulation/lifecycle.ts';
import { isFinal } from '../../../../src/domain/simulation/simulation-state.ts';
import type { Worker } from '../../../../src/domain/supervision/worker.ts';
import { Dice } from '../../../support/fakes/dice.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import type { ScriptedProgram } from '../../../support/fakes/scripted-launcher.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';

const MINUTE = 60_000;
const MAX_GRACE_MS = 800;
/** What store, launcher and channel may add to what a worker is given. */
const SLOWNESS_MS = 500;

/** A day in the life of many simulations, as the dice will have it: slow stores, workers of every kind, impatient users. */
class Turmoil {
  readonly clock = new FakeClock();
  readonly store = new SlowRegistryStore();
  readonly domain: DomainUnderTest;
  readonly dice: Dice;
  /** What must never have happened. */
  readonly broken: string[] = [];
  readonly ids: SimulationId[] = [];
  readonly #calls: Promise<unknown>[] = [];
  readonly #launched = new Map<SimulationId, ScriptedProgram[]>();

  constructor(seed: number) {
    this.dice = new Dice(seed);
    const types = [
      fakeWorkerType('fish', { config: { stop: { graceMs: 700, signal: 'SIGTERM' } } }),
      fakeWorkerType('plain', { registers: false, commands: ['stop'] }),
      fakeWorkerType('stubborn', {
        acknowledges: false,
        config: { limits: { maxWorkers: 1_000, registerTimeoutMs: 900, stallTimeoutMs: 0 } },
      }),
    ];
    this.domain = new DomainUnderTest({ types, store: this.store, clock: this.clock });
    this.store.pause = () => this.#wait(20);
    this.domain.launcher.script = {
      answer: (_plan, program) => this.#launch(program),
      onSignal: (program) => this.#mayExit(program, 0.5),
    };
    this.domain.channel.answer = async ({ workerId }) => {
      await this.#wait(50);
      if (this.dice.chance(0.2)) throw new Error('not connected');
      if (this.dice.chance(0.2)) return 'unreachable';
      this.#mayExit(this.domain.launcher.of(workerId), 0.5);
      return 'delivered';
    };
    const stoppingSinceMs = new Map<SimulationId, number>();
    this.domain.registry.onChange(({ before, after }) => {
      const { id, state, workerId, reason } = after.simulation;
      const nowMs = this.clock.monotonicMs();
      if (before?.state !== state && state === 'STOPPING') stoppingSinceMs.set(id, nowMs);
      const patienceMs = 2 * (reason === 'SHUTDOWN' ? 5_000 : MAX_GRACE_MS) + SLOWNESS_MS;
      if (isFinal(state) && nowMs - (stoppingSinceMs.get(id) ?? nowMs) > patienceMs)
        this.broken.push(`${id} took too long to stop`);
      if (before !== undefined && before.state !== state && !mayFollow(before.state, state)) {
        this.broken.push(`${id} went from ${before.state} to ${state}`);
      }
      if (before?.workerId !== undefined && workerId !== before.workerId && state !== 'STARTING') {
        this.broken.push(`${id} changed its worker in ${state}`);
      }
    });
  }

  /** Starts them over the first seconds, and lets users have their say. */
  async begin(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      const workerType = this.dice.pick(['fish', 'plain', 'stubborn']);
      this.#later(this.dice.upTo(2_000), async () => {
        const startPaused = workerType !== 'plain' && this.dice.chance(0.3);
        const request = this.domain.startRequest({ workerType, startPaused });
        const { simulation } = await this.domain.start.run(anyone(), request);
        this.ids.push(simulation.id);
        const wishes = this.dice.upTo(3);
        for (let wish = 0; wish < wishes; wish += 1)
          this.#later(this.dice.upTo(6_000), () => this.#wish(simulation.id));
      });
    }
    await this.clock.advance(20_000);
  }

  async finish(): Promise<void> {
    const over = this.domain.supervisor.stopAll({ force: this.dice.chance(0.3) });
    await this.clock.runOut(10 * MINUTE);
    await over;
    await Promise.allSettled(this.#calls);
    await settle();
  }

  #later(inMs: number, action: () => Promise<void>): void {
    this.clock.after(inMs, () => this.#calls.push(action().catch((thrown) => this.#refusal(thrown))));
  }

  /** Users hear refusals; nothing else may reach them. */
  #refusal(thrown: unknown): void {
    if (!(thrown instanceof ShoalError) || thrown.code === 'INVARIANT_BROKEN')
      this.broken.push(`a user heard ${thrown}`);
  }

  async #wish(id: SimulationId): Promise<void> {
    const { supervisor } = this.domain;
    const graceMs = this.dice.upTo(MAX_GRACE_MS);
    if (this.dice.chance(0.4)) await supervisor.replaceWorker(id, { startPaused: this.dice.chance(0.5) });
    else await supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: this.dice.chance(0.3), graceMs });
  }

  async #launch(program: ScriptedProgram): Promise<void> {
    const worker = this.domain.directory.byId(program.plan.workerId);
    const id = worker?.assignment?.simulationId;
    if (worker === undefined || id === undefined) {
      this.broken.push(`${program.plan.workerId} is launched for nothing`);
      return;
    }
    const launched = this.#launched.get(id) ?? [];
    if (launched.some(({ alive }) => alive)) this.broken.push(`${id} has two live workers`);
    this.#launched.set(id, [...launched, program]);
    this.clock.after(this.dice.upTo(300), () => this.#live(worker, program, id));
    await this.#wait(200);
    if (!program.alive || this.dice.chance(0.9)) return;
    // A launch that fails leaves no program behind, and its observer hears nothing.
    program.vanish();
    throw new Error('no such program');
  }

  /** What a worker does by itself, from its first moment. */
  #live(worker: Worker, program: ScriptedProgram, id: SimulationId): void {
    if (this.dice.chance(0.1)) program.exit({ code: this.dice.pick([0, 3]) });
    if (worker.type.registers && this.dice.chance(0.85)) {
      this.#later(this.dice.upTo(1_200), async () => {
        if (!program.alive) return;
        await this.domain.workerCalls.register(worker, { simulationId: id, supportedCommands: [] });
        if (this.dice.chance(0.5)) this.#beat(worker, program, id);
      });
    }
    if (this.dice.chance(0.5)) {
      this.clock.after(this.dice.upTo(8_000), () =>
        program.exit(this.dice.pick([{ code: 0 }, { code: 3 }, { signal: 'SIGSEGV' }])),
      );
    }
  }

  #beat(worker: Worker, program: ScriptedProgram, id: SimulationId): void {
    if (!program.alive || this.dice.chance(0.3)) return;
    this.domain.workerCalls.heartbeat(worker, id, 1n);
    this.clock.after(1_000 + this.dice.upTo(2_000), () => this.#beat(worker, program, id));
  }

  #mayExit(program: ScriptedProgram, probability: number): void {
    if (this.dice.chance(probability))
      this.clock.after(this.dice.upTo(900), () => program.exit({ code: this.dice.pick([0, 0, 1]) }));
  }

  #wait(upToMs: number): Promise<void> {
    const ms = this.dice.upTo(upToMs);
    return ms === 0 ? Promise.resolve() : new Promise((resolve) => this.clock.after(ms, resolve));
  }
}

async function live(seed: number, count: number): Promise<Turmoil> {
  const turmoil = new Turmoil(seed);
  await turmoil.begin(count);
  await turmoil.finish();
  const { domain, clock, broken, ids } = turmoil;
  expect(broken).toEqual([]);
  expect(ids).toHaveLength(count);
  expect(ids.filter((id) => !isFinal(domain.simulation(id).state))).toEqual([]);
  expect(domain.launcher.alive).toEqual([]);
  expect([clock.pending, domain.directory.all(), [...domain.runFiles.present]]).toEqual([0, [], []]);
  for (const kind of ['launched', 'ended']) {
    const workers = domain.events.flatMap((event) =>
      event.kind === kind && 'worker' in event ? [event.worker.id] : [],
    );
    expect(workers.sort()).toEqual(domain.launcher.programs.map(({ plan }) => plan.workerId).sort());
  }
  return turmoil;
}

describe('many simulations at once', () => {
  test('each have at most one worker, go only where the lifecycle allows, and end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 32 - 1 }), async (seed) => {
        await live(seed, 30);
      }),
      { numRuns: 12 },
    );
  });

  test('are as sound when there are hundreds, and among them is every end that there is', async () => {
    const { domain, ids } = await live(20_260_101, 300);
    const reasons = new Set(ids.map((id) => domain.simulation(id).reason));
    expect([...reasons].sort()).toEqual([
      'COMPLETED',
      'EXITED_BEFORE_REGISTERING',
      'HEARTBEAT_LOST',
      'LAUNCH_FAILED',
      'REGISTER_TIMEOUT',
      'SHUTDOWN',
      'STOPPED_BY_REQUEST',
      'WORKER_CRASHED',
    ]);
    expect(ids.some((id) => domain.simulation(id).incarnation > 1)).toBe(true);
  });

  test('live the same lives again with the same seed', async () => {
    const history = async () => {
      const { domain } = await live(7, 20);
      return domain.changes.map(
        ({ after: { simulation, revision } }) => `${revision} ${simulation.id} ${simulation.state}`,
      );
    };
    expect(await history()).toEqual(await history());
  });
});
