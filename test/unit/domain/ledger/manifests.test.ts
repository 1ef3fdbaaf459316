import { describe, expect, test } from 'vitest';
import { MANIFEST_KEY } from '../../../../src/domain/ledger/manifest.ts';
import type { LogEntry } from '../../../../src/ports/event-log.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { settle } from '../../../support/fakes/settle.ts';

const isManifest = ({ eventTypeKey }: LogEntry) => eventTypeKey === MANIFEST_KEY;

/** Of a simulation whose worker has ended and whose token has gone. */
async function ended(domain: DomainUnderTest, simulationId = 'reef-1') {
  const id = await domain.run({ simulationId });
  domain.program(id).exit({ code: 0 });
  await settle();
  return id;
}

/** Time goes on until nothing more will be written of it. @returns event ids of all manifests that were appended */
async function written(domain: DomainUnderTest, id: Parameters<typeof domain.simulation>[0]): Promise<string[]> {
  let isWritten = false;
  void domain.manifests.written([id]).then(() => {
    isWritten = true;
  });
  for (let tries = 0; tries < 20 && !isWritten; tries += 1) await domain.clock.advance(1_000);
  expect(isWritten).toBe(true);
  return domain.log.appended.filter(isManifest).map(({ eventId }) => eventId);
}

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

test('a simulation that has the id of one before has a manifest of another id: the log may remember the first', async () => {
  const domain = new DomainUnderTest();
  const first = await ended(domain);
  await written(domain, first);
  await domain.registry.remove(first);
  await domain.clock.advance(1);
  const ids = await written(domain, await ended(domain));
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(2);
});

describe('a manifest that the log says it has had', () => {
  test('is looked for there, and written again when it is not there', async () => {
    const domain = new DomainUnderTest();
    const append = domain.log.append.bind(domain.log);
    let isFirst = true;
    domain.log.append = async (batch) => {
      const receipt = await append(batch);
      if (!batch.some(isManifest) || !isFirst) return receipt;
      isFirst = false;
      return { ...receipt, firstSequence: 0, duplicates: [0] };
    };
    expect(await written(domain, await ended(domain))).toHaveLength(2);
  });

  test('is looked for there, and that is all when it is there', async () => {
    const domain = new DomainUnderTest();
    const append = domain.log.append.bind(domain.log);
    domain.log.append = async (batch) => {
      await domain.archive.append(batch);
      return { ...(await append(batch)), firstSequence: 0, duplicates: [0] };
    };
    expect(await written(domain, await ended(domain))).toHaveLength(1);
  });
});

test('a manifest that the log will never take is given up, and whoever waits for it goes on', async () => {
  const domain = new DomainUnderTest();
  let asked = 0;
  domain.log.refuses = (entry) => {
    if (!isManifest(entry)) return undefined;
    asked += 1;
    return 'it is too large';
  };
  await written(domain, await ended(domain));
  expect(asked).toBe(1);
});
