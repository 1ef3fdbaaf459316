import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { failureOf, type MethodOf, unaryCall } from '../../support/daemon/calls.ts';
import { adminMethods, clientMethods, type DaemonClient } from '../../support/daemon/daemon-client.ts';
import { batch, envelope, field, readEnvelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered, workerMethods } from '../../support/daemon/puppet.ts';
import { StreamProbe } from '../../support/daemon/stream-probe.ts';

let daemon: InProcessDaemon;
let target: Puppet;
let healthy: Puppet;
let healthyEvents: ReturnType<DaemonClient['subscribe']>;
let healthyStream: ReturnType<Puppet['reportEventBatches']>;
let beats = 0;

beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [puppetType({ limits: { max_workers: 100_000 } })],
    limits: { max_simulations: 50, max_batch_bytes: '64KiB', max_event_bytes: '32KiB' },
  });
  target = await startRegistered(daemon);
  healthy = await startRegistered(daemon, { simulationId: 'healthy' });
  healthyEvents = daemon.client.subscribe({ simulationId: 'healthy' });
  await healthyEvents.live;
  healthyStream = healthy.reportEventBatches();
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** The simulation beside it goes on, on streams that were opened before: nothing of it was lost or reordered. */
afterEach(async () => {
  beats += 1;
  healthyStream.send(batch(beats, [envelope({ eventTypeKey: 'sim.beat.v1', eventId: `beat-${beats}` })]));
  await healthyStream.answers.count(beats);
  const received = await healthyEvents.count(beats);
  expect(received.map(({ bytes }) => readEnvelope(bytes).eventId)).toEqual(
    Array.from({ length: beats }, (_, at) => `beat-${at + 1}`),
  );
  expect(await daemon.client.get('healthy')).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
  expect(daemon.log.errors).toEqual([]);
});

/** Bytes of all kinds: random ones, cut or changed messages, and messages whose fields are garbage. */
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat() }).map(({ at, byte, cut }) => {
    const whole = batch(1, [envelope({ eventTypeKey: 'sim.a.v1', eventId: 'x', attributes: { agent_id: 'a' } })]);
    whole[at % whole.length] = byte;
    return whole.subarray(0, 1 + (cut % whole.length));
  }),
  fc
    .array(fc.record({ number: fc.integer({ min: 1, max: 20 }), bytes: fc.uint8Array({ maxLength: 40 }) }), {
      maxLength: 8,
    })
    .map((fields) => Buffer.concat(fields.map(({ number, bytes }) => field(number, bytes)))),
);

/** Statuses that say that the fault is ours. */
const OURS = ['INTERNAL', 'UNKNOWN', 'DATA_LOSS'];

const OURS_BY_NUMBER = [status.INTERNAL, status.UNKNOWN, status.DATA_LOSS];

const raw = (method: { readonly path: string }): MethodOf<Buffer, Buffer> => ({
  path: method.path,
  requestSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
});

const unaries = (methods: object) =>
  Object.entries(methods as Record<string, { path: string; requestStream: boolean; responseStream: boolean }>).filter(
    ([, method]) => !method.requestStream && !method.responseStream,
  );

describe('garbage as the request of', () => {
  const { Health } = loadProtos().tree.grpc.health.v1;
  test.each([...unaries(clientMethods), ...unaries(adminMethods), ...unaries(Health.service)])(
    '%s is never answered as if the fault were ours',
    async (_name, method) => {
      await fc.assert(
        fc.asyncProperty(garbage, async (bytes) => {
          const answer = await daemon.client.call(raw(method), bytes).catch((error) => ({ code: error.code }));
          if ('code' in answer) expect(OURS_BY_NUMBER).not.toContain(answer.code);
        }),
        { numRuns: 60 },
      );
    },
  );

  test.each(unaries(workerMethods))(
    '%s, with a good token, is never answered as if the fault were ours',
    async (_name, method) => {
      await fc.assert(
        fc.asyncProperty(garbage, async (bytes) => {
          const answer = await target.call(raw(method), bytes).catch((error) => ({ code: error.code }));
          if ('code' in answer) expect(OURS_BY_NUMBER).not.toContain(answer.code);
        }),
        { numRuns: 100 },
      );
    },
  );

  test.each(['SubscribeToEvents', 'ReadWorkerOutput', 'WatchSimulations'] as const)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        const stream = daemon.client.stream(raw(clientMethods[name]), bytes);
        await Promise.race([stream.live.catch(() => {}), stream.ended()]);
        stream.cancel();
        expect(OURS).not.toContain((await stream.ended()).code);
      }),
      { numRuns: 60 },
    );
  });

  test('ReceiveCommands', async () => {
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        const answer = await failureOf(
          unaryCall(target.grpc, raw(workerMethods.ReceiveCommands), bytes, {
            token: target.launch.token,
            deadlineMs: 5_000,
          }),
        );
        expect(OURS).not.toContain(answer.code);
      }),
      { numRuns: 40 },
    );
  });
});

describe('garbage on a stream of', () => {
  test.each(['reportEventStream', 'reportEventBatches'] as const)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 5 }), async (messages) => {
        const stream = target[name]();
        for (const bytes of messages) stream.send(bytes);
        stream.end();
        const end = await stream.answers.ended();
        expect(name === 'reportEventStream' ? ['OK'] : ['OK', 'INVALID_ARGUMENT']).toContain(end.code);
        if (name === 'reportEventStream') {
          expect(stream.answers.messages).toHaveLength(messages.length);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('a batch: every envelope is garbage, each is rejected or taken, the stream goes on', async () => {
    const stream = target.reportEventBatches();
    let sequence = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { maxLength: 10 }), async (envelopes) => {
        sequence += 1;
        stream.send(batch(sequence, envelopes));
        const answer = (await stream.answers.count(sequence)).at(-1);
        expect(answer?.sequence).toBe(String(sequence));
        for (const { code, index } of answer?.rejected ?? []) {
          expect([3, 7]).toContain(code);
          expect(Number(index)).toBeLessThan(envelopes.length);
        }
      }),
      { numRuns: 100 },
    );
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
  });

  test.each(['v1', 'v1alpha'] as const)('reflection %s', async (version) => {
    const { path } = loadProtos().tree.grpc.reflection[version].ServerReflection.service.ServerReflectionInfo;
    const asItIs = (bytes: Buffer): Buffer => bytes;
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        const call = daemon.client.grpc.makeBidiStreamRequest(path, asItIs, asItIs);
        const answers = new StreamProbe(call);
        call.write(bytes);
        call.end();
        expect(['OK', 'INVALID_ARGUMENT']).toContain((await answers.ended()).code);
      }),
      { numRuns: 60 },
    );
  });
});

describe('garbage instead of gRPC', () => {
  test.each(['clients', 'workers'] as const)('on a connection to the address for %s', async (which) => {
    const [host = '', port = ''] = daemon.addresses[which].split(':');
    const attempts = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff'),
      Buffer.alloc(5_000, 0xff),
    ];
    for (const bytes of attempts) {
      const socket = connectTcp(Number(port), host);
      socket.on('error', () => {});
      socket.resume();
      socket.end(bytes);
      await new Promise((resolve) => socket.once('close', resolve));
    }
  });

  test.each([
    ['no content type', {}],
    ['a content type of the web', { 'content-type': 'application/json' }],
    ['a deadline that is none', { 'content-type': 'application/grpc', 'grpc-timeout': 'soon' }],
    ['an encoding that is none', { 'content-type': 'application/grpc', 'grpc-encoding': 'rot13' }],
  ])('in the headers: %s', async (_what, headers) => {
    const session = connect(`http://${daemon.addresses.clients}`);
    session.on('error', () => {});
    const stream = session.request({ ':method': 'POST', ':path': clientMethods.GetSimulationStatus.path, ...headers });
    stream.on('error', () => {});
    stream.end(Buffer.from([1, 0, 0, 0, 2, 0xff, 0xff]));
    stream.resume();
    await new Promise((resolve) => stream.once('close', resolve));
    session.destroy();
  });
});
