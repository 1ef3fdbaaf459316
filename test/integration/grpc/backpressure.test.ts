import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batch, envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()], limits: { max_in_flight_batches: 4 } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** Long ids make long rejections: acknowledgements that fill the transport. */
const garbage = Array.from({ length: 200 }, (_, at) =>
  envelope({ eventTypeKey: 'not a key', eventId: `${at}`.padStart(128, 'x') }),
);

const received = async (id: string) => Number((await daemon.client.get(id)).eventsReceived);

/** Resolves with a figure that has stopped rising. */
async function settled(read: () => Promise<number>): Promise<number> {
  let last = -1;
  let since = 0;
  return until('it settles', async () => {
    const now = await read();
    since = now === last ? since + 1 : 0;
    last = now;
    return since >= 25 ? { now } : undefined;
  }).then(({ now }) => now);
}

describe.each(['ReportEventBatches', 'ReportEventStream'] as const)(
  'a worker that does not read the answers of %s',
  (method) => {
    test('is not read from either, and goes on where it was when it reads again', async () => {
      const warnings: Error[] = [];
      const warned = (warning: Error): void => void warnings.push(warning);
      process.on('warning', warned);
      const puppet = await startRegistered(daemon);
      const stream = method === 'ReportEventBatches' ? puppet.reportEventBatches() : puppet.reportEventStream();
      stream.answers.pause();
      const good = (at: number) => envelope({ eventTypeKey: 'sim.a.v1', eventId: `good-${at}` });
      const count = method === 'ReportEventBatches' ? 400 : 40_000;
      for (let at = 1; at <= count; at += 1) {
        if (method === 'ReportEventBatches') stream.send(batch(at, [good(at), ...garbage]));
        else stream.send(at % 2 === 0 ? good(at) : (garbage[0] as Buffer));
      }
      const goods = method === 'ReportEventBatches' ? count : count / 2;
      const taken = await settled(() => received(puppet.ids.simulationId));
      expect(taken).toBeLessThan(goods);
      const bystander = await startRegistered(daemon);
      await expect(bystander.reportEvent(good(0))).resolves.toMatchObject({ logged: true });
      stream.answers.resume();
      stream.end();
      expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
      expect(await received(puppet.ids.simulationId)).toBe(goods);
      process.off('warning', warned);
      expect(warnings.map(({ message }) => message)).toEqual([]);
    });
  },
);
