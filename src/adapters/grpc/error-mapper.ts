import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { type ShoalError, toShoalError } from '../../domain/shoal-error.ts';
import { ERROR_INFO, STATUS_DETAILS } from './error-info.ts';
import { loadProtos } from './proto-loading.ts';
import { GRPC_STATUS } from './status-codes.ts';

const DOMAIN = 'shoal';

/**
 * A status travels in headers, which clients and proxies take 8 KiB of, and what is longer costs the whole connection. The
 * message is in there twice: percent-encoded, of this length at most, and in the details.
 */
const MAX_ENCODED_MESSAGE = 2_000;
/** Of each value in the metadata, in UTF-8. There are three at most. */
const MAX_VALUE_BYTES = 500;

export type GrpcFailure = Pick<StatusObject, 'code' | 'details'> & { readonly metadata: Metadata };

/** The one place where an error becomes a gRPC status. What nobody foresaw gets a generic text: its own stays in the log. */
export function toGrpcFailure(thrown: unknown): GrpcFailure {
  const error = toShoalError(thrown);
  const code = GRPC_STATUS[error.code];
  const details = clipped(error.message, MAX_ENCODED_MESSAGE, (character) => encodeURI(character).length);
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS, encodeDetails(error, code, details));
  return { code, details, metadata };
}

function encodeDetails(error: ShoalError, code: number, message: string): Buffer {
  const { Status, ErrorInfo } = loadProtos().tree.google.rpc;
  const entries = Object.entries(error.metadata).map(([key, text]) => [
    key,
    clipped(text, MAX_VALUE_BYTES, (character) => Buffer.byteLength(character)),
  ]);
  const value = ErrorInfo.serialize({ reason: error.code, domain: DOMAIN, metadata: Object.fromEntries(entries) });
  return Status.serialize({ code, message, details: [{ type_url: ERROR_INFO, value }] });
}

/** Whole characters only: half a surrogate pair cannot be encoded, and grpc-js throws for one. */
function clipped(text: string, max: number, costOf: (character: string) => number): string {
  const whole = text.toWellFormed();
  let cost = 0;
  let end = 0;
  for (const character of whole) {
    cost += costOf(character);
    if (cost > max) return `${whole.slice(0, end)}…`;
    end += character.length;
  }
  return whole;
}
