/**
 * Ceiling of everything that goes over NATS: bare `publish` on one connection to a server of its own, one subject, one
 * flush at the end. Prints a {@link CeilingRun} as JSON; what was lost the server's own counter tells.
 *
 *   node -C source bench/ceilings/nats-publish.ts [--seconds 2]
 */
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from 'nats';
import { PAYLOAD_BYTES } from '../load/load-plan.ts';
import { startNatsServer } from '../support/nats-server.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import { type CeilingRun, perEvent } from './ceiling-run.ts';

/** Between turns of the event loop, in which the client hands its buffer to the socket. */
const PER_TURN = 1_024;
const SUBJECT = 'events.simulation.load-xxxxxxxxxxxx.event.bench.unlogged.v1';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' } } });
await using server = await startNatsServer();
const connection = await connect({ servers: server.url, name: 'ceiling' });
const payload = randomBytes(PAYLOAD_BYTES);

/** @returns events and seconds, the flush included */
async function publishFor(seconds: number): Promise<{ readonly events: number; readonly seconds: number }> {
  const startedMs = performance.now();
  let events = 0;
  while (performance.now() - startedMs < seconds * 1_000) {
    for (let at = 0; at < PER_TURN; at += 1) connection.publish(SUBJECT, payload);
    events += PER_TURN;
    await setImmediate();
  }
  await connection.flush();
  return { events, seconds: (performance.now() - startedMs) / 1_000 };
}

await publishFor(Number(values.seconds) / 4);
const receivedBefore = await server.receivedFrom('ceiling');
const serverBefore = (await processCpuSeconds(server.pid)) ?? Number.NaN;
const senderBefore = process.cpuUsage();
const { events, seconds } = await publishFor(Number(values.seconds));
const { user, system } = process.cpuUsage(senderBefore);
const serverCpu = ((await processCpuSeconds(server.pid)) ?? Number.NaN) - serverBefore;
const run: CeilingRun = {
  perSecond: events / seconds,
  events,
  lost: events - ((await server.receivedFrom('ceiling')) - receivedBefore),
  senderCpuMicros: perEvent((user + system) / 1_000_000, events),
  serverCpuMicros: perEvent(serverCpu, events),
};
await connection.close();
console.log(JSON.stringify(run));
