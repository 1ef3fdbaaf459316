import { expect, test } from 'vitest';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { settle } from '../../../support/fakes/settle.ts';

test('the record of a run that is over has the figures of its ledger, whoever ended it with older ones', async () => {
  const domain = new DomainUnderTest();
  const id = await domain.run();
  const worker = domain.worker(id);
  domain.program(id).exit({ code: 0 });
  await settle();
  const recorded = domain.simulation(id).figures;
  // As when what the workers of a daemon that was killed had reported is read from the log, behind the end.
  domain.registry.figures.restore(id, { lastTick: 7n, eventsReceived: 5, eventsLogged: 4 });
  domain.directory.remove(worker);
  await domain.manifests.written([id]);
  expect(recorded?.eventsReceived ?? 0).toBe(0);
  expect(domain.simulation(id).figures).toEqual({ lastTick: 7n, eventsReceived: 5, eventsLogged: 4 });
});
