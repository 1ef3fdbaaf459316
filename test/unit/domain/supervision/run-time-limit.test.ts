import { beforeEach, describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';

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

  test('is not given up when the record cannot be written in that moment', async () => {
    const store = new SlowRegistryStore();
    domain = new DomainUnderTest({ store });
    const id = await domain.run({ maxRunTimeMs: 60_000 });
    store.pause = () => Promise.reject(new ShoalError('BUS_UNAVAILABLE', 'the disk is full'));
    await domain.clock.advance(60_000);
    expect(domain.state(id)).toBe('RUNNING');
    store.pause = async () => {};
    await domain.clock.advance(1_000);
    expect(domain.simulation(id)).toMatchObject({ state: 'STOPPING', reason: 'MAX_RUN_TIME' });
  });

  test('says nothing of one that is LOST', async () => {
    const id = await domain.run({ maxRunTimeMs: 60_000 });
    const lost = { ...domain.simulation(id), id: 'lost' as SimulationId, state: 'LOST' as const };
    await domain.registry.create(lost);
    await domain.clock.advance(3_600_000);
    expect(domain.state(lost.id)).toBe('LOST');
  });

  test('is nobody else’s', async () => {
    const id = await domain.run();
    await domain.run({ maxRunTimeMs: 1_000 });
    await domain.clock.advance(3_600_000);
    expect(domain.state(id)).toBe('RUNNING');
  });
});
