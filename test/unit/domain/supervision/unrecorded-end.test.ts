import { beforeEach, expect, test } from 'vitest';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';

let store: SlowRegistryStore;
let domain: DomainUnderTest;
beforeEach(() => {
  store = new SlowRegistryStore();
  domain = new DomainUnderTest({ store });
});

const full = () => Promise.reject(new ShoalError('BUS_UNAVAILABLE', 'the disk is full'));

test('the end of a worker that cannot be written is written once that is possible, as of when it was', async () => {
  const id = await domain.run();
  store.pause = full;
  domain.program(id).exit({ code: 0 });
  await settle();
  const endedAtMs = domain.clock.nowMs();
  await domain.clock.advance(10_000);
  expect(domain.state(id)).toBe('RUNNING');
  store.pause = async () => {};
  await domain.clock.advance(1_000);
  await settle();
  expect(domain.simulation(id)).toMatchObject({ state: 'COMPLETED', exitCode: 0, endedAtMs });
  await domain.clock.advance(60_000);
  expect(domain.history(id).filter((state) => state === 'COMPLETED')).toHaveLength(1);
});

test('what the store refuses for another reason is not tried again', async () => {
  const id = await domain.run();
  store.pause = () => Promise.reject(new ShoalError('SHUTTING_DOWN', 'the registry is closed'));
  domain.program(id).exit({ code: 0 });
  await settle();
  store.pause = async () => {};
  await domain.clock.advance(10_000);
  expect(domain.state(id)).toBe('RUNNING');
});
