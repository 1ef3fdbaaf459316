import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'nats';
import { expect, onTestFinished, test } from 'vitest';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { until } from '../../support/daemon/until.ts';
import { type LossyProxy, lossyProxy } from '../../support/lossy-proxy.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { Flood } from './flood.ts';

const EVENTS = 5_000;

/** Somebody beside the broken way, who sees what live messages arrive: each once, by run and id. */
async function liveMessages(url: string): Promise<Set<string>> {
  const client = await connect({ servers: url });
  onTestFinished(() => client.close());
  const seen = new Set<string>();
  client.subscribe('events.>', {
    callback: (_error, { data }) => {
      const { simulationId, eventId } = readEnvelope(data);
      seen.add(`${simulationId}/${eventId}`);
    },
  });
  await client.flush();
  return seen;
}

test.each([
  [
    'is cut ten times',
    async (proxy: LossyProxy) => {
      for (let times = 0; times < 10; times += 1) {
        proxy.cut();
        await delay(300);
      }
    },
  ],
  [
    'takes 200 ms each way',
    async (proxy: LossyProxy) => {
      proxy.latencyMs = 200;
      await delay(5_000);
      proxy.latencyMs = 0;
    },
  ],
  [
    'is open at one end only for longer than pings may stay unanswered',
    async (proxy: LossyProxy, flood: Flood) => {
      proxy.mute = true;
      await flood.untilNotReady(/it answers no pings/);
      await delay(3_000);
      proxy.mute = false;
      proxy.cut();
    },
  ],
] as const)(
  'a connection that %s: all is logged once, and every live message arrives or is counted',
  async (_how, harm) => {
    const server = await startNatsServer();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const proxy = await lossyProxy(server.port);
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    const seen = await liveMessages(server.url);
    const flood = await Flood.start(proxy.url, { events: EVENTS, eventsPerSecond: 1_200 });
    flood.beginOutage();
    await harm(proxy, flood);
    await flood.demandHeldBack();
    await flood.demandAllLogged(server.url);
    const sent = flood.runs.flatMap((id) =>
      ['logged', 'quiet'].flatMap((kind) => Array.from({ length: EVENTS }, (_, at) => `${id}/${kind}-${at}`)),
    );
    const dropped = await flood.metric('shoal_bus_dropped_total');
    await until('the live messages are here', () => sent.length - seen.size <= dropped, 10_000);
    expect(sent.filter((id) => !seen.has(id)).length).toBeLessThanOrEqual(dropped);
    expect(dropped).toBe(0);
  },
);
