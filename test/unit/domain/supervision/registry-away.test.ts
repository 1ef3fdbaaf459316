import { beforeEach, describe, expect, test } from 'vitest';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import type { Simulation } from '../../../../src/domain/simulation/simulation.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { restartingType } from '../../../support/fakes/restarting-type.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';

let store: SlowRegistryStore;
let domain: DomainUnderTest;

function begin(...restart: Parameters<typeof restartingType>): void {
  store = new SlowRegistryStore();
  domain = new DomainUnderTest({ store, types: [restartingType(...restart).type] });
}
beforeEach(() => begin({ policy: 'never' }));

const refused = (error: ShoalError) => () => Promise.reject(error);
const away = refused(new ShoalError('BUS_UNAVAILABLE', 'the disk is full'));
const there = async () => {};
/** Takes no record of which this is true. */
const awayFor = (which: (simulation: Partial<Simulation>) => boolean) => (simulation: Partial<Simulation>) =>
  which(simulation) ? away() : there();

function kinds(): string[] {
  return domain.events.map(({ kind }) => kind);
}

describe('the end of a worker that cannot be written', () => {
  test('is written once that is possible, as of when it was, and told then', async () => {
    const id = await domain.run();
    store.pause = away;
    domain.program(id).exit({ code: 3 });
    await settle();
    const endedAtMs = domain.clock.nowMs();
    await domain.clock.advance(10_000);
    expect([domain.state(id), kinds().includes('ended')]).toEqual(['RUNNING', false]);
    store.pause = there;
    await domain.clock.advance(1_000);
    await settle();
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', exitCode: 3, endedAtMs });
    await domain.clock.advance(60_000);
    expect(domain.history(id).filter((state) => state === 'FAILED')).toHaveLength(1);
    expect(domain.events.filter(({ kind }) => kind === 'ended')).toMatchObject([{ simulation: { state: 'FAILED' } }]);
  });

  test('lets the worker go all the same: its files and its token', async () => {
    const id = await domain.run();
    const worker = domain.worker(id);
    store.pause = away;
    domain.program(id).exit({ code: 0 });
    await worker.gone;
    await domain.clock.advance(2_000);
    expect(worker.revoked.aborted).toBe(true);
  });

  test('is not tried again where the store refuses it for another reason, and that is told', async () => {
    const id = await domain.run();
    store.pause = refused(new ShoalError('REVISION_CONFLICT', 'another daemon has written it'));
    domain.program(id).exit({ code: 0 });
    await settle();
    store.pause = there;
    await domain.clock.advance(10_000);
    expect(domain.state(id)).toBe('RUNNING');
    expect(domain.events.at(-1)).toMatchObject({ kind: 'unrecorded', error: { code: 'REVISION_CONFLICT' } });
  });
});

test('a start that cannot be written down yet is launched as soon as it can', async () => {
  store.pause = awayFor(({ state }) => state === 'STARTING');
  const id = await domain.launch();
  await domain.clock.advance(60_000);
  expect([domain.state(id), domain.launcher.programs.length]).toEqual(['PENDING', 0]);
  store.pause = there;
  await domain.clock.advance(1_000);
  await domain.register(id);
  expect([domain.state(id), domain.launcher.programs.length]).toEqual(['RUNNING', 1]);
});

test('a start that is another daemon’s by now is told once, and left alone', async () => {
  const conflict = refused(new ShoalError('REVISION_CONFLICT', 'another daemon has written it'));
  store.pause = ({ state }: Partial<Simulation>) => (state === 'PENDING' ? there() : conflict());
  await domain.launch();
  await domain.clock.advance(60_000);
  expect([kinds(), domain.launcher.programs.length]).toEqual([['launch-failed'], 0]);
});

test('a reset by restart whose next worker cannot be written down is launched as soon as it can', async () => {
  const id = await domain.run();
  const old = domain.program(id);
  const replaced = domain.supervisor.replaceWorker(id, {});
  await settle();
  store.pause = away;
  old.exit({ code: 0 });
  await replaced;
  expect([domain.state(id), domain.launcher.alive.length]).toEqual(['RESTARTING', 0]);
  store.pause = there;
  await domain.clock.advance(1_000);
  expect([domain.state(id), domain.launcher.alive.length]).toEqual(['STARTING', 1]);
});

test('a registration that cannot be written is one that is still awaited', async () => {
  const id = await domain.launch();
  store.pause = away;
  await expect(domain.register(id)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  store.pause = there;
  const again = await domain.workerCalls.register(domain.worker(id), { simulationId: id, supportedCommands: [] });
  expect(again.resumed).toBe(false);
  expect([domain.state(id), kinds()]).toEqual(['RUNNING', ['launched', 'registered']]);
});

test('a worker that does not register again after that has the time of a new one, and is ended then', async () => {
  const id = await domain.launch();
  store.pause = away;
  await domain.clock.advance(5_000);
  await expect(domain.register(id)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  store.pause = there;
  await domain.clock.advance(9_000);
  expect(domain.state(id)).toBe('STARTING');
  await domain.clock.advance(2_000);
  expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'REGISTER_TIMEOUT' });
});

describe('a worker of which cannot be written down that it runs', () => {
  const afterLaunch = awayFor(({ handle }) => handle !== undefined);

  test('is killed, and nothing of that touches the worker after it', async () => {
    begin();
    domain.launcher.script = { onKill: () => {} };
    store.pause = afterLaunch;
    const id = await domain.launch();
    const [first] = domain.launcher.programs;
    expect(first?.signals).toEqual(['SIGKILL']);
    store.pause = there;
    await domain.clock.advance(100);
    first?.exit({ signal: 'SIGKILL' });
    await settle();
    expect(domain.simulation(id)).toMatchObject({ state: 'RESTARTING', reason: 'LAUNCH_FAILED' });
    await domain.clock.advance(300);
    await domain.register(id);
    await domain.clock.advance(3_600_000);
    expect([domain.state(id), domain.launcher.alive.length]).toEqual(['RUNNING', 1]);
  });

  test('says nothing against its type: no circuit breaker opens', async () => {
    begin({ policy: 'never', breaker: { failures: 3, coolDownMs: 30_000 } });
    store.pause = afterLaunch;
    for (let count = 0; count < 10; count += 1) await domain.launch();
    expect(domain.launcher.programs).toHaveLength(10);
    expect(kinds().filter((kind) => kind === 'breaker-moved')).toEqual([]);
  });
});

test('a failed launch that could not be written is not written onto the worker after it', async () => {
  begin();
  let isFirst = true;
  domain.launcher.script = {
    answer: async () => {
      if (isFirst) throw new ShoalError('CAPACITY_EXHAUSTED', 'no process is left');
    },
  };
  store.pause = awayFor(({ state }) => state === 'RESTARTING');
  const id = await domain.launch();
  expect(domain.state(id)).toBe('STARTING');
  isFirst = false;
  store.pause = there;
  await domain.clock.advance(2_000);
  await domain.register(id);
  await domain.clock.advance(60_000);
  expect([domain.state(id), domain.launcher.alive.length]).toEqual(['RUNNING', 1]);
  expect(domain.events.filter(({ kind }) => kind === 'launch-failed')).toMatchObject([{ willRestart: true }]);
});

describe('a command that its worker has done, and whose effect cannot be written', () => {
  async function pausedWhileAway() {
    const id = await domain.run();
    const request = {
      simulationId: id,
      command: { name: 'pause' },
      requestId: '',
      fingerprint: '',
      wait: true,
    } as const;
    const answer = domain.control.run(anyone(), request);
    await settle();
    store.pause = away;
    await domain.acknowledge(domain.lastCommand());
    await domain.clock.advance(5_000);
    expect(domain.state(id)).toBe('RUNNING');
    return { id, answer };
  }

  test('is in the record, and answered, as soon as the registry takes it', async () => {
    const { id, answer } = await pausedWhileAway();
    store.pause = there;
    await domain.clock.advance(1_000);
    expect(await answer).toMatchObject({ phase: 'APPLIED', state: 'PAUSED' });
    expect(domain.state(id)).toBe('PAUSED');
  });

  test('is given up with its worker', async () => {
    const { id, answer } = await pausedWhileAway();
    const refused = expect(answer).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    domain.program(id).exit({ code: 1 });
    await domain.clock.advance(1_000);
    await refused;
    store.pause = there;
    await domain.clock.advance(1_000);
    expect(domain.state(id)).toBe('FAILED');
  });
});
