import { beforeEach, describe, expect, test } from 'vitest';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';

describe('max_run_time', () => {
  let domain: DomainUnderTest;

  beforeEach(() => {
    domain = new DomainUnderTest();
  });

  test('stops a simulation in its time, tidily, and says why', async () => {
    const id = await domain.run({ maxRunTimeMs: 60_000 });
    await domain.clock.advance(59_999);
    expect(domain.state(id)).toBe('RUNNING');
    await domain.clock.advance(1);
    expect([domain.state(id), domain.lastCommand().envelope.eventTypeKey]).toEqual([
      'STOPPING',
      'orchestrator.control.stop_worker',
    ]);
    domain.program(id).exit({ code: 0 });
    await domain.clock.advance(0);
    expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'MAX_RUN_TIME' });
  });

  test('counts from the first launch, paused or not', async () => {
    const id = await domain.launch({ maxRunTimeMs: 60_000, startPaused: true });
    await domain.clock.advance(9_000);
    await domain.register(id);
    expect(domain.state(id)).toBe('PAUSED');
    await domain.clock.advance(51_000);
    expect(domain.state(id)).toBe('STOPPING');
  });

  test('of a simulation that ended before is of no effect, and leaves no timer', async () => {
    const id = await domain.run({ maxRunTimeMs: 60_000 });
    domain.program(id).exit({ code: 0 });
    await domain.clock.advance(5_000);
    expect([domain.state(id), domain.clock.pending]).toEqual(['COMPLETED', 0]);
  });

  test('is nobody else’s', async () => {
    const id = await domain.run();
    await domain.run({ maxRunTimeMs: 1_000 });
    await domain.clock.advance(3_600_000);
    expect(domain.state(id)).toBe('RUNNING');
  });
});
