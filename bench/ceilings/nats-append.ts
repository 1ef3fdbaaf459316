/**
 * Ceiling of logged events: publishing to a JetStream stream on files with message ids, a window of acknowledgements
 * under way on an inbox of its own, nothing else. Prints a {@link CeilingRun} as JSON; what was lost the stream tells.
 *
 *   node -C source bench/ceilings/nats-append.ts [--seconds 2]
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, createInbox, MsgHdrsImpl } from 'nats';
import { PAYLOAD_BYTES } from '../load/load-plan.ts';
import { startNatsServer } from '../support/nats-server.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import { type CeilingRun, perEvent } from './ceiling-run.ts';

/** `messaging.nats.stream.max_in_flight` of a Shoal that was not configured. */
const WINDOW = 4_096;
const SUBJECT = 'logging.events.raw.load-xxxxxxxxxxxx.bench.logged.v1';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' } } });
await using server = await startNatsServer();
const connection = await connect({ servers: server.url });
const manager = await jetstreamManager(connection);
await manager.streams.add({ name: 'CEILING', subjects: ['logging.events.raw.>'] });
const stored = async (): Promise<number> => (await manager.streams.info('CEILING')).state.messages;

/** The client asks headers only for their encoding, and its own way to that costs as much as the rest of a publish. */
class MessageId extends MsgHdrsImpl {
  readonly #id: string;

  constructor(id: string) {
    super();
    this.#id = id;
  }

  override encode(): Uint8Array {
    return Buffer.from(`NATS/1.0\r\nNats-Msg-Id: ${this.#id}\r\n\r\n`, 'latin1');
  }
}

const inbox = createInbox();
const payload = randomBytes(PAYLOAD_BYTES);
let sent = 0;
let acknowledged = 0;
let room = (): void => {};
connection.subscribe(inbox, {
  callback: () => {
    acknowledged += 1;
    room();
  },
});

/** @returns events and seconds, the last acknowledgement included */
async function appendFor(seconds: number): Promise<{ readonly events: number; readonly seconds: number }> {
  const startedMs = performance.now();
  const before = sent;
  while (performance.now() - startedMs < seconds * 1_000) {
    while (sent - acknowledged < WINDOW) {
      sent += 1;
      connection.publish(SUBJECT, payload, {
        reply: inbox,
        headers: new MessageId(`load-xxxxxxxxxxxx/xxxxxxxx-${sent}`),
      });
    }
    await until(() => sent - acknowledged < WINDOW);
  }
  await until(() => sent === acknowledged);
  return { events: sent - before, seconds: (performance.now() - startedMs) / 1_000 };
}

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    room = () => {
      if (condition()) resolve();
    };
    room();
  });
}

await appendFor(Number(values.seconds) / 4);
const storedBefore = await stored();
const serverBefore = (await processCpuSeconds(server.pid)) ?? Number.NaN;
const senderBefore = process.cpuUsage();
const { events, seconds } = await appendFor(Number(values.seconds));
const { user, system } = process.cpuUsage(senderBefore);
const serverCpu = ((await processCpuSeconds(server.pid)) ?? Number.NaN) - serverBefore;
const run: CeilingRun = {
  perSecond: events / seconds,
  events,
  lost: events - ((await stored()) - storedBefore),
  senderCpuMicros: perEvent((user + system) / 1_000_000, events),
  serverCpuMicros: perEvent(serverCpu, events),
};
await connection.close();
console.log(JSON.stringify(run));
