import { type ServiceError, status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { unaryCall } from '../../support/daemon/calls.ts';
import { adminMethods, clientMethods } from '../../support/daemon/daemon-client.ts';
import { startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered, workerMethods } from '../../support/daemon/puppet.ts';
import { garbage, OURS, raw } from './garbage-bytes.ts';
import { neighbourhood } from './neighbour.ts';

const near = neighbourhood();

const unaries = (methods: object) =>
  Object.entries(methods as Record<string, { path: string; requestStream: boolean; responseStream: boolean }>).filter(
    ([, method]) => !method.requestStream && !method.responseStream,
  );

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'OK',
    ({ code }: ServiceError) => status[code] ?? String(code),
  );

describe('garbage as the request of', () => {
  const { Health } = loadProtos().tree.grpc.health.v1;
  const calls = [...unaries(clientMethods), ...unaries(adminMethods), ...unaries(Health.service)];
  // Garbage may be a drain whose deadline is now, which stops what there is, as it should.
  const clientCalls = calls.filter(([name]) => name !== 'Drain');

  test.each(clientCalls)('%s is never answered as if the fault were ours', async (_name, method) => {
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        expect(OURS).not.toContain(await codeOf(near().daemon.client.call(raw(method), bytes)));
      }),
      { numRuns: 60 },
    );
  });

  test('Drain is not either', async () => {
    await using daemon = await startDaemon({ workerTypes: [puppetType()] });
    await startRegistered(daemon);
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        expect(OURS).not.toContain(await codeOf(daemon.client.call(raw(adminMethods.Drain), bytes)));
      }),
      { numRuns: 60 },
    );
    expect(daemon.log.errors).toEqual([]);
  });

  test.each(unaries(workerMethods))('%s, with a good token, is not either', async (_name, method) => {
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        expect(OURS).not.toContain(await codeOf(near().target.call(raw(method), bytes)));
      }),
      { numRuns: 100 },
    );
  });

  test.each(['SubscribeToEvents', 'ReadWorkerOutput', 'WatchSimulations'] as const)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        const stream = near().daemon.client.stream(raw(clientMethods[name]), bytes);
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
        const { grpc, launch } = near().target;
        const call = unaryCall(grpc, raw(workerMethods.ReceiveCommands), bytes, {
          token: launch.token,
          deadlineMs: 5_000,
        });
        expect(OURS).not.toContain(await codeOf(call));
      }),
      { numRuns: 40 },
    );
  });
});
