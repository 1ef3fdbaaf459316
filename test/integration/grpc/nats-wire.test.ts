import { expect, onTestFinished, test } from 'vitest';
import { envelope } from '../../support/daemon/envelopes.ts';
import { startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { lossyProxy } from '../../support/lossy-proxy.ts';
import { startNatsServer } from '../../support/nats-server.ts';

/** What nats-server 2.9 knows of a stream; a newer field is ignored by it without a word. */
const STREAM_FIELDS = [
  ...['name', 'description', 'subjects', 'retention', 'max_consumers', 'max_msgs', 'max_bytes', 'discard', 'max_age'],
  ...['max_msgs_per_subject', 'max_msg_size', 'storage', 'num_replicas', 'no_ack', 'duplicate_window', 'placement'],
];
/** And of a consumer; `filter_subjects` is newer: the server's echo is checked for it. */
const CONSUMER_FIELDS = [
  ...['description', 'deliver_policy', 'opt_start_seq', 'opt_start_time', 'ack_policy', 'filter_subject'],
  ...['replay_policy', 'max_waiting', 'inactive_threshold', 'num_replicas', 'mem_storage', 'filter_subjects'],
];

interface Said {
  readonly verb: string;
  readonly args: readonly string[];
  readonly headers: string;
  readonly payload: string;
}

/** The lines of the NATS client protocol, each with what follows it. */
function* parse(text: string): Generator<Said> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n', at);
    const [verb = '', ...args] = text.slice(at, end).split(' ');
    at = end + 2;
    const sizes =
      verb === 'HPUB' ? args.splice(-2).map(Number) : verb === 'PUB' ? [0, ...args.splice(-1).map(Number)] : [];
    const [headers = 0, whole = 0] = sizes;
    yield { verb, args, headers: text.slice(at, at + headers), payload: text.slice(at + headers, at + whole) };
    if (sizes.length > 0) at += whole + 2;
  }
}

/** All that a daemon says to its server while runs are started, steered, logged, followed and read again. */
async function everythingSaid(): Promise<Said[]> {
  const server = await startNatsServer();
  const proxy = await lossyProxy(server.port);
  const daemon = await startDaemon({ natsUrl: proxy.url, workerTypes: [puppetType()] });
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  const puppet = await startRegistered(daemon);
  const { simulationId } = puppet.ids;
  const id = { simulationId };
  for (let at = 0; at < 5; at += 1) await puppet.reportEvent(envelope({ eventTypeKey: 'sim.a.v1', eventId: `e${at}` }));
  const readers = [
    daemon.client.subscribe({ ...id, fromBeginning: true }),
    daemon.client.subscribe({ ...id, fromSequence: '2', eventTypeKeys: ['sim.a.v1', 'sim.b.*'] }),
    daemon.client.subscribe({ fromTime: { seconds: '1', nanos: 0 }, eventTypeKeys: ['sim.>'] }),
  ];
  for (const reader of readers) await reader.count(2);
  await daemon.client.control(simulationId, { pause: {} }).catch(() => {});
  await daemon.client.control(simulationId, { stop: { force: true } });
  await daemon[Symbol.asyncDispose]();
  return [...parse(proxy.said())];
}

test('what Shoal says to a nats-server: no queue names, own inboxes as reply subjects, nothing that 2.9 does not know', async () => {
  const all = await everythingSaid();
  // Each piece begins with a verb: the parser has not lost its place.
  expect(all.filter(({ verb }) => !/^(CONNECT|PING|PONG|SUB|UNSUB|H?PUB)$/.test(verb))).toEqual([]);
  const subscribed = all.filter(({ verb }) => verb === 'SUB').map(({ args }) => args);
  // A subject and a number: a queue group, which can be injected, would stand between.
  expect(subscribed.filter((args) => args.length !== 2 || !/^\d+$/.test(args[1] ?? ''))).toEqual([]);

  const published = all.filter(({ verb }) => verb === 'PUB' || verb === 'HPUB');
  expect(
    published.filter(({ args }) => !/^[\x21-\x7e]+$/.test(args[0] ?? '') || /\.\.|[*>]/.test(args[0] ?? '')),
  ).toEqual([]);
  const replies = published.flatMap(({ args }) => args.slice(1));
  expect(replies.length).toBeGreaterThan(5);
  expect(replies.filter((reply) => !reply.startsWith('_INBOX.'))).toEqual([]);

  const headers = published.flatMap(({ headers: each }) => each.split('\r\n').slice(1).filter(Boolean));
  expect(headers.length).toBeGreaterThanOrEqual(5);
  expect(headers.filter((header) => !/^(Nats-Msg-Id|Shoal-Sequence): /.test(header))).toEqual([]);

  const requests = (name: string) =>
    published
      .filter(({ args }) => args[0]?.startsWith(`$JS.API.${name}.`))
      .map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  const streams = requests('STREAM.CREATE');
  const consumers = requests('CONSUMER.CREATE').map(({ config }) => config as Record<string, unknown>);
  expect([streams.length, consumers.length]).toEqual([1, expect.toSatisfy((count: number) => count >= 3)]);
  const unknown = (asked: Record<string, unknown>[], known: readonly string[]) =>
    asked.flatMap(Object.keys).filter((field) => !known.includes(field));
  expect(unknown(streams, STREAM_FIELDS)).toEqual([]);
  expect(unknown(consumers, CONSUMER_FIELDS)).toEqual([]);
});
