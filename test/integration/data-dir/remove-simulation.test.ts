import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

describe.each(['memory', 'acknowledged', 'nats'] as const)('RemoveSimulation, %s', (log) => {
  let server: RunningNatsServer | undefined;
  let daemon: InProcessDaemon;
  beforeAll(async () => {
    server = log === 'nats' ? await startNatsServer() : undefined;
    const where = server === undefined ? {} : { natsUrl: server.url };
    daemon = await startDaemon({
      workerTypes: [puppetType()],
      limits: { max_final_simulations: 1 },
      durability: log === 'memory' ? 'memory' : 'acknowledged',
      ...where,
    });
  });
  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const remove = (simulationId: string) => daemon.client.call(clientMethods.RemoveSimulation, { simulationId });

  /** A run with an event in the log, which is over. */
  async function startOver(simulationId: string): Promise<void> {
    const worker = await startRegistered(daemon, { simulationId });
    const event = envelope({ eventTypeKey: 'sim.a.v1', eventId: 'e1' });
    expect(await worker.reportEvent(event)).toMatchObject({ logged: true });
    await daemon.client.control(simulationId, { stop: { force: true } });
    worker.close();
  }

  test('frees the id of a run that is over, and of one whose record was forgotten while its events are kept', async () => {
    const [first, second, third] = [`${log}-first`, `${log}-second`, `${log}-third`] as const;
    await startOver(first);
    await startOver(second);
    // Only one final record is kept: the creation of the next one forgets the first.
    await startOver(third);
    expect(await failureOf(daemon.client.get(first))).toMatchObject({ reason: 'SIMULATION_NOT_FOUND' });
    expect(await failureOf(daemon.client.start({ workerType: 'puppet', simulationId: first }))).toMatchObject({
      code: 'ALREADY_EXISTS',
      reason: 'SIMULATION_EXISTS',
      message: expect.stringContaining(`shoal rm ${first}`),
    });
    for (const id of [first, third]) {
      await remove(id);
      expect(await failureOf(remove(id))).toMatchObject({ code: 'NOT_FOUND', reason: 'SIMULATION_NOT_FOUND' });
      expect(await daemon.client.start({ workerType: 'puppet', simulationId: id })).toMatchObject({
        eventsLogged: '0',
      });
    }
  });

  test('refuses a run that is not over, and an id that is none', async () => {
    const { ids, close } = await startRegistered(daemon).then((worker) => ({
      ids: worker.ids,
      close: () => worker.close(),
    }));
    expect(await failureOf(remove(ids.simulationId))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'ILLEGAL_TRANSITION',
      message: expect.stringContaining('is RUNNING; stop it first'),
    });
    close();
    expect(await failureOf(remove('../x'))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
