import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { toGrpcFailure } from '../../../src/adapters/grpc/error-mapper.ts';
import { rpcError } from '../../../src/cli/rpc-error.ts';
import type { ErrorCode } from '../../../src/domain/error-code.ts';
import { ShoalError } from '../../../src/domain/shoal-error.ts';

const HERE = { address: '127.0.0.1:50050', reached: true };
const NOT_REACHED = { ...HERE, reached: false };

test.each<[ErrorCode, number]>([
  ['INVALID_ARGUMENT', 2],
  ['CONFIG_INVALID', 78],
  ['TIMED_OUT', 124],
  ['SIMULATION_NOT_FOUND', 1],
  ['ILLEGAL_TRANSITION', 1],
  // UNAVAILABLE in gRPC, but a daemon that answers is there.
  ['WORKER_UNREACHABLE', 1],
  ['SHUTTING_DOWN', 1],
])("the daemon's %s ends with %i and names the reason", (code, exitCode) => {
  const failure = toGrpcFailure(new ShoalError(code, 'what is\nwrong \x1b[2J')) as unknown as ServiceError;
  expect(rpcError(failure, HERE)).toMatchObject({ exitCode, message: `what is\\u{a}wrong \\u{1b}[2J (${code})` });
});

test.each([
  [status.UNAVAILABLE, NOT_REACHED, 69, /^no daemon answers at 127\.0\.0\.1:50050: x$/],
  [status.UNAVAILABLE, HERE, 69, /^lost the daemon at/],
  [status.DEADLINE_EXCEEDED, NOT_REACHED, 69, /^no daemon answers/],
  [status.DEADLINE_EXCEEDED, HERE, 124, /did not answer in time/],
  [status.CANCELLED, HERE, 69, /ended the call/],
  [status.UNIMPLEMENTED, HERE, 1, /answered: x \(UNIMPLEMENTED\)/],
])('status %i of gRPC itself, with %j, ends with %i', (code, where, exitCode, message) => {
  const error = Object.assign(new Error('x'), { code, details: 'x', metadata: new Metadata() });
  expect(rpcError(error, where)).toMatchObject({ exitCode, message: expect.stringMatching(message) });
});

test('of what gRPC says of a connection, the cause is told', () => {
  const details =
    'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: (2026-11-22T16:26:22.187Z)';
  const error = Object.assign(new Error('x'), { code: status.UNAVAILABLE, details, metadata: new Metadata() });
  expect(rpcError(error, NOT_REACHED).message).toBe(
    'no daemon answers at 127.0.0.1:50050: connect ECONNREFUSED 127.0.0.1:1',
  );
});
