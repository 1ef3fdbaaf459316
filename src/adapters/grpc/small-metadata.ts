import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { invalidArgument } from '../../domain/shoal-error.ts';
import { toGrpcFailure } from './error-mapper.ts';

/** As other gRPC servers have it. A token and a trace context have a few hundred bytes. */
const MAX_BYTES = 16 * 1024;

/** Ends calls whose metadata are too large: INVALID_ARGUMENT. They live as long as their call does. */
export const refuseLargeMetadata: ServerInterceptor = (_method, call: ServerInterceptingCallInterface) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata: (metadata, pass) => {
          const bytes = sizeOf(metadata);
          if (bytes <= MAX_BYTES) pass(metadata);
          else call.sendStatus(refusal(bytes));
        },
      }),
  });

function sizeOf(metadata: Metadata): number {
  let bytes = 0;
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    for (const value of values as (Buffer | string)[]) bytes += name.length + value.length;
  }
  return bytes;
}

function refusal(bytes: number) {
  return toGrpcFailure(invalidArgument('metadata', `has ${bytes} bytes; at most ${MAX_BYTES} are allowed`));
}
