import { expect, test } from 'vitest';
import { parseSimulationId } from '../../../../src/domain/ids.ts';
import type { IngestWorker } from '../../../../src/domain/ingest/ingest-worker.ts';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import { entry } from '../../../contract/messaging/log-entries.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { envelope } from '../../../support/fakes/messages.ts';
import { settle } from '../../../support/fakes/settle.ts';

/** A simulation that has ended, with two events in the log. */
async function withOneOver() {
  const domain = new DomainUnderTest();
  const id = await domain.run({ simulationId: 'a' });
  domain.program(id).exit({ code: 0 });
  await settle();
  expect(domain.state(id)).toBe('COMPLETED');
  await domain.archive.append([entry('a', 'e1'), entry('b', 'e1'), entry('a', 'e2')]);
  return { domain, id };
}

test('the record and the logged events of a simulation go, and those of others stay', async () => {
  const { domain, id } = await withOneOver();
  await domain.remove.run(anyone(), id);
  expect(domain.registry.find(id)).toBeUndefined();
  expect(domain.changes.at(-1)).toMatchObject({ kind: 'forgotten', after: { simulation: { id } } });
  expect([await domain.archive.holds(id), await domain.archive.holds(parseSimulationId('b'))]).toEqual([false, true]);
  expect(await domain.launch({ simulationId: 'a' })).toBe(id);
});

test('one that is not over is refused, and so is one that there never was', async () => {
  const domain = new DomainUnderTest();
  const id = await domain.run();
  await domain.archive.append([entry(id, 'e1')]);
  await expect(domain.remove.run(anyone(), id)).rejects.toMatchObject({
    code: 'ILLEGAL_TRANSITION',
    message: expect.stringContaining('is RUNNING; stop it first'),
  });
  expect(await domain.archive.holds(id)).toBe(true);
  await expect(domain.remove.run(anyone(), parseSimulationId('nobody'))).rejects.toMatchObject({
    code: 'SIMULATION_NOT_FOUND',
  });
});

test('an id is taken while events of it are logged, also when its record was forgotten; removing frees it', async () => {
  const domain = new DomainUnderTest();
  const id = parseSimulationId('forgotten');
  await domain.archive.append([entry('forgotten', 'e1')]);
  const start = () => domain.start.run(anyone(), domain.startRequest({ simulationId: 'forgotten' }));
  await expect(start()).rejects.toMatchObject({
    code: 'SIMULATION_EXISTS',
    message: expect.stringContaining('the log holds events of an earlier simulation forgotten'),
  });
  expect(domain.registry.find(id)).toBeUndefined();
  await domain.remove.run(anyone(), id);
  await start();
  expect(domain.registry.find(id)).toBeDefined();
});

test('a log that cannot remove leaves the record, to be tried again', async () => {
  const { domain, id } = await withOneOver();
  const { archive } = domain;
  const remove = archive.remove.bind(archive);
  archive.remove = () => Promise.reject(new ShoalError('BUS_UNAVAILABLE', 'the log is away'));
  await expect(domain.remove.run(anyone(), id)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  expect(domain.state(id)).toBe('COMPLETED');
  archive.remove = remove;
  await domain.remove.run(anyone(), id);
  expect(domain.registry.find(id)).toBeUndefined();
});

test('what the worker still has in its sockets is refused once its run is removed', async () => {
  const { domain, id } = await withOneOver();
  const { token } = domain.worker(id);
  await domain.remove.run(anyone(), id);
  expect(domain.directory.byToken(token)).toBeUndefined();
});

test('who may not control may not remove', async () => {
  const demand = (_context: unknown, action: string) => {
    if (action === 'control') throw new ShoalError('COMMAND_FORBIDDEN', 'no');
  };
  const domain = new DomainUnderTest({ authorizer: { demand, permits: () => true } });
  const id = await domain.launch();
  await expect(domain.remove.run(anyone(), id)).rejects.toMatchObject({ code: 'COMMAND_FORBIDDEN' });
});

test('a removal that comes twice leaves the next simulation of that id alone', async () => {
  const { domain, id } = await withOneOver();
  const { archive } = domain;
  const gate = Promise.withResolvers<void>();
  const holds = archive.holds.bind(archive);
  archive.holds = async (of) => {
    await gate.promise;
    return holds(of);
  };
  const first = domain.remove.run(anyone(), id);
  const again = domain.remove.run(anyone(), id).catch((thrown: ShoalError) => thrown.code);
  const start = domain.start.run(anyone(), domain.startRequest({ simulationId: 'a' }));
  gate.resolve();
  await first;
  expect(await again).toBe('SIMULATION_NOT_FOUND');
  await start;
  await archive.append([entry('a', 'e3')]);
  await settle();
  expect([domain.registry.find(id)?.state, await archive.holds(id)]).toEqual(['STARTING', true]);
});

test('events that were on their way into the log do not come back', async () => {
  const domain = new DomainUnderTest();
  const id = await domain.run({ simulationId: 'a' });
  const { assignment } = domain.worker(id);
  const durable = Promise.withResolvers<void>();
  domain.log.durable = durable.promise;
  const accepted = domain.intake.accept(assignment?.ingest as IngestWorker, [
    envelope({ eventTypeKey: 'sim.world_state.v1' }),
  ]);
  domain.program(id).exit({ code: 0 });
  await settle();
  let isRemoved = false;
  const removed = domain.remove.run(anyone(), id).then(() => {
    isRemoved = true;
  });
  await settle();
  expect(isRemoved).toBe(false);
  durable.resolve();
  await Promise.all([accepted, removed]);
});
