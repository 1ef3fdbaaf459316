import { beforeEach, describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { restartingType } from '../../../support/fakes/restarting-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

describe('a RUNNING simulation whose tick stands', () => {
  let domain: DomainUnderTest;
  let id: SimulationId;
  const beat = async (tick: bigint) => {
    domain.workerCalls.heartbeat(domain.worker(id), id, tick);
    await settle();
  };
  /** Heartbeats go on, the tick does not. */
  const stand = async (tick: bigint, forMs: number) => {
    for (let ms = 0; ms < forMs; ms += 1_000) {
      await beat(tick);
      await domain.clock.advance(1_000);
    }
  };
  const order = async (name: 'pause' | 'resume') => {
    const done = domain.control.run(anyone(), {
      simulationId: id,
      command: { name },
      requestId: '',
      fingerprint: '',
      wait: true,
    });
    await settle();
    await domain.acknowledge(domain.lastCommand());
    await done;
  };

  beforeEach(async () => {
    const limits = { maxWorkers: 10, registerTimeoutMs: 10_000, stallTimeoutMs: 10_000 };
    domain = new DomainUnderTest({ types: [restartingType({}, { limits }).type] });
    id = await domain.run();
  });

  test('is reported, and its worker ended and restarted when it stands for as long again', async () => {
    await stand(50n, 11_000);
    expect(domain.simulation(id)).toMatchObject({ state: 'RUNNING', message: expect.stringContaining('stood at 50') });
    expect(domain.events.at(-1)).toMatchObject({ kind: 'stalled' });
    await stand(50n, 9_000);
    expect(domain.simulation(id)).toMatchObject({ state: 'RESTARTING', reason: 'STALLED', exitSignal: 'SIGKILL' });
    expect(domain.simulation(id).message).toContain('stood at 50 for 20000 ms');
    await domain.clock.advance(200);
    await domain.register(id);
    expect(domain.simulation(id)).toMatchObject({ state: 'RUNNING', incarnation: 2 });
    expect(domain.simulation(id).message).toBeUndefined();
  });

  test('is reported no more when it moves again', async () => {
    await stand(50n, 11_000);
    await beat(51n);
    expect(domain.simulation(id).message).toBeUndefined();
    expect(domain.events.slice(-2).map(({ kind }) => kind)).toEqual(['stalled', 'tick-moves']);
  });

  test('is not judged while it is PAUSED, and has all its time when it is resumed', async () => {
    await stand(50n, 9_000);
    await order('pause');
    await stand(50n, 60_000);
    await order('resume');
    await stand(50n, 9_000);
    expect(domain.events.map(({ kind }) => kind)).not.toContain('stalled');
    await stand(50n, 2_000);
    expect(domain.events.at(-1)).toMatchObject({ kind: 'stalled' });
  });

  test('and which never told a tick is left alone', async () => {
    await stand(0n, 120_000);
    expect(domain.simulation(id)).toMatchObject({ state: 'RUNNING', incarnation: 1 });
  });

  test('is judged by its own ticks after a restart, not by those before it', async () => {
    await stand(50n, 5_000);
    domain.program(id).exit({ code: 3 });
    await domain.clock.advance(10_000);
    await domain.register(id);
    await stand(0n, 60_000);
    expect(domain.simulation(id)).toMatchObject({ state: 'RUNNING', incarnation: 2 });
  });
});

describe('a worker that stalls again and again', () => {
  const limits = { maxWorkers: 10, registerTimeoutMs: 10_000, stallTimeoutMs: 20_000 };
  const restart = { maxRestarts: 2, windowMs: 3_600_000, resetAfterMs: 30_000 };
  let domain: DomainUnderTest;
  let id: SimulationId;
  /** Its tick moves for so long and then stands, until its worker is ended. */
  const stall = async (afterMs: number) => {
    for (let ms = 0; domain.state(id) === 'RUNNING'; ms += 1_000) {
      expect(ms).toBeLessThan(100_000);
      domain.workerCalls.heartbeat(domain.worker(id), id, BigInt(Math.min(afterMs, ms) + 1));
      await domain.clock.advance(1_000);
    }
  };
  const registerNext = async () => {
    expect(domain.simulation(id)).toMatchObject({ state: 'RESTARTING', reason: 'STALLED' });
    await domain.clock.advance(1_000);
    await domain.register(id);
  };

  beforeEach(async () => {
    domain = new DomainUnderTest({ types: [restartingType(restart, { limits }).type] });
    id = await domain.run();
  });

  test('is out of restarts: the time for which its tick stood is no healthy time, though longer than reset_after', async () => {
    await stall(0);
    await registerNext();
    await stall(0);
    await registerNext();
    await stall(0);
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'RESTARTS_EXHAUSTED', restarts: 2 });
  });

  test('and was healthy before each time has its restarts forgotten', async () => {
    for (let times = 0; times < 4; times++) {
      await stall(35_000);
      await registerNext();
    }
    expect(domain.simulation(id)).toMatchObject({ state: 'RUNNING', restarts: 4 });
  });
});

test('a wall clock that goes a day forward and back ends, restarts and reports nothing', async () => {
  const limits = { maxWorkers: 10, registerTimeoutMs: 10_000, stallTimeoutMs: 10_000 };
  const domain = new DomainUnderTest({ types: [restartingType({}, { limits }).type] });
  const starting = await domain.launch();
  const running = await domain.run({ maxRunTimeMs: 60_000 });
  for (const jumpMs of [86_400_000, -172_800_000, 86_400_000]) {
    domain.workerCalls.heartbeat(domain.worker(running), running, BigInt(jumpMs > 0 ? 1 : 2));
    domain.clock.jumpWall(jumpMs);
    await domain.clock.advance(3_000);
  }
  expect([domain.state(starting), domain.state(running)]).toEqual(['STARTING', 'RUNNING']);
  expect(domain.simulation(running).message).toBeUndefined();
  expect(domain.launcher.programs.map(({ signals }) => signals)).toEqual([[], []]);
});
