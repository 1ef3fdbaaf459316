import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';
import { countedEntries } from './counted-entries.ts';
import { toGrpcFailure } from './error-mapper.ts';

/** In place of a request that could not be decoded. */
class MalformedRequest {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/**
 * The service with decoders that do not throw: where one does, grpc-js answers INTERNAL, as if the fault were the server's.
 * {@link refuseMalformedRequests} answers in its place.
 */
export function withSafeDecoders(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: safely(countedEntries(method)) },
    ]),
  );
}

/** Ends calls whose request is not the message that it should be: INVALID_ARGUMENT. */
export const refuseMalformedRequests: ServerInterceptor = (_method, call: ServerInterceptingCallInterface) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMessage: (message, pass) => {
          if (message instanceof MalformedRequest) call.sendStatus(refusal(message));
          else pass(message);
        },
      }),
  });

function safely(decode: (bytes: Buffer) => unknown): (bytes: Buffer) => unknown {
  return (bytes) => {
    try {
      return decode(bytes);
    } catch (cause) {
      return new MalformedRequest(cause);
    }
  };
}

function refusal({ cause }: MalformedRequest) {
  if (cause instanceof ShoalError) return toGrpcFailure(cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return toGrpcFailure(invalidArgument('request', `the bytes are not the message of this method: ${reason}`));
}
