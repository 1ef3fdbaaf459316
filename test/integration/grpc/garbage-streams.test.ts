import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { batch } from '../../support/daemon/envelopes.ts';
import { StreamProbe } from '../../support/daemon/stream-probe.ts';
import { garbage } from './garbage-bytes.ts';
import { neighbourhood } from './neighbour.ts';

const near = neighbourhood();

describe('garbage on a stream of', () => {
  test.each(['reportEventStream', 'reportEventBatches'] as const)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 5 }), async (messages) => {
        const stream = near().target[name]();
        for (const bytes of messages) stream.send(bytes);
        stream.end();
        const end = await stream.answers.ended();
        expect(name === 'reportEventStream' ? ['OK'] : ['OK', 'INVALID_ARGUMENT']).toContain(end.code);
        if (name === 'reportEventStream') {
          expect(stream.answers.messages.at(-1)).toMatchObject({ processed: String(messages.length) });
        }
      }),
      { numRuns: 100 },
    );
  });

  test('a batch: every envelope is garbage, each is rejected or taken, the stream goes on', async () => {
    const stream = near().target.reportEventBatches();
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
        const call = near().daemon.client.grpc.makeBidiStreamRequest(path, asItIs, asItIs);
        const answers = new StreamProbe(call);
        call.write(bytes);
        call.end();
        expect(['OK', 'INVALID_ARGUMENT']).toContain((await answers.ended()).code);
      }),
      { numRuns: 60 },
    );
  });
});
