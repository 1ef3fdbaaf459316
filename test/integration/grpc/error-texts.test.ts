import type { ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGrpcFailure } from '../../../src/adapters/grpc/error-mapper.ts';
import { ShoalError } from '../../../src/domain/shoal-error.ts';
import { type Failure, readFailure } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** What gRPC implementations take by default is 8 KiB of headers, and proxies on the way often no more. */
const MAX_HEADER_BYTES = 8_000;

/** A request whose refusal names `text`. */
const naming = (text: string): Promise<unknown> =>
  daemon.client.start({ workerType: 'puppet', config: { fields: { [text]: { numberValue: Number.NaN } } } });

async function refusal(text: string): Promise<{ failure: Failure; headerBytes: number }> {
  const error = await naming(text).then(
    () => expect.fail('the call succeeded'),
    (thrown: ServiceError) => thrown,
  );
  const details = error.metadata.get('grpc-status-details-bin').map((value) => value.length * (4 / 3));
  const message = encodeURI(error.details.toWellFormed()).length;
  return { failure: readFailure(error), headerBytes: details.reduce((sum, bytes) => sum + bytes, message) };
}

describe('a refusal that names what it was sent', () => {
  test.each([
    ['a line end', 'a\r\nx-injected: 1'],
    ['a percent sign', '100%25'],
    ['a NUL', 'a\0b'],
    ['letters beyond ASCII', 'größe 🐟'],
  ])('arrives whole with %s in it', async (_what, text) => {
    const { failure } = await refusal(text);
    expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT' });
    expect(failure.message).toContain(text);
    expect(failure.metadata['field']).toBe(`config.${text}`);
  });

  test.each([
    ['a thousand', 'x'.repeat(1_000)],
    ['a million', 'x'.repeat(1_000_000)],
    ['a hundred thousand beyond ASCII', 'ü'.repeat(100_000)],
    ['many emoji, cut between halves or not', '🐟'.repeat(50_000)],
    ['many emoji, cut at the other half', `x${'🐟'.repeat(50_000)}`],
  ])('is short enough for any header with %s characters', async (_what, text) => {
    const { failure, headerBytes } = await refusal(text);
    expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT' });
    expect(failure.message.isWellFormed()).toBe(true);
    expect(headerBytes).toBeLessThan(MAX_HEADER_BYTES);
  });

  test('does not end the daemon', async () => {
    await expect(daemon.client.info()).resolves.toBeDefined();
    expect(daemon.log.errors).toEqual([]);
  });
});

test('half a character, as only JavaScript has it, is replaced and not thrown at', () => {
  const failure = toGrpcFailure(new ShoalError('TIMED_OUT', 'cut \ud83d', { metadata: { text: '\udc1f' } }));
  expect(readFailure(failure)).toMatchObject({ message: 'cut \ufffd', metadata: { text: '\ufffd' } });
});

test('an error that nobody foresaw tells the caller nothing of the inside', async () => {
  const failure = toGrpcFailure(new Error('password=hunter2 at /secret/path'));
  const told = readFailure(failure);
  expect(told).toMatchObject({ code: 'INTERNAL', reason: 'INVARIANT_BROKEN' });
  expect(JSON.stringify(told)).not.toMatch(/hunter2|secret/);
});
