import type { ServiceError } from '@grpc/grpc-js';
import { loadProtos } from './proto-loading.ts';

/** Where `google.rpc.Status` travels: https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
export const STATUS_DETAILS = 'grpc-status-details-bin';
export const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

/** What a client reads out of a failed call: the reason, when the other side is a Shoal. */
export function errorReason(error: ServiceError): string | undefined {
  const [bytes] = error.metadata?.get(STATUS_DETAILS) ?? [];
  if (!Buffer.isBuffer(bytes)) return undefined;
  const { Status, ErrorInfo } = loadProtos().tree.google.rpc;
  for (const any of Status.deserialize(bytes).details as readonly AnyBytes[]) {
    if (any.type_url === ERROR_INFO || any.typeUrl === ERROR_INFO) return ErrorInfo.deserialize(any.value).reason;
  }
  return undefined;
}

interface AnyBytes {
  readonly type_url?: string;
  readonly typeUrl?: string;
  readonly value: Buffer;
}
