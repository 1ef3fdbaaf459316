import type { handleUnaryCall } from '@grpc/grpc-js';
import { ShoalError } from '../../domain/shoal-error.ts';
import { toGrpcFailure } from './error-mapper.ts';

/** A method of the contract that this version does not have yet: UNIMPLEMENTED, by name. */
export function notBuiltUnary(feature: string): handleUnaryCall<unknown, unknown> {
  return (_call, callback) => callback(notBuilt(feature));
}

function notBuilt(feature: string) {
  return toGrpcFailure(
    new ShoalError('CAPABILITY_UNSUPPORTED', `${feature} is not built yet`, { metadata: { feature } }),
  );
}
