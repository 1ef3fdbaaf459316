import type { handleUnaryCall, Metadata, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { type CallContext, cancelled } from '../../domain/call-context.ts';
import { invalidArgument } from '../../domain/shoal-error.ts';
import { toGrpcFailure } from './error-mapper.ts';

/** The parts of a server call that all its kinds have. */
export interface AnyServerCall {
  readonly metadata: Metadata;
  on(event: 'cancelled', listener: () => void): unknown;
}

/** Hears of errors that nobody foresaw, for the log. */
export type FailureListener = (method: string, thrown: unknown) => void;

/** W3C Trace Context; what is malformed is ignored, as it asks. It becomes an environment variable of a worker. */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** Until clients are authenticated, all of them are one. */
const ANONYMOUS = { name: 'anonymous' };

/** grpc-js tells of every call that is over that it was cancelled, also of one that was answered: so nothing is made before it is asked for. */
class ServerCallContext implements CallContext {
  readonly principal = ANONYMOUS;
  readonly traceparent?: string;
  #gone: AbortController | undefined;
  #isOver = false;

  constructor(call: AnyServerCall) {
    const [traceparent] = call.metadata.get('traceparent');
    if (typeof traceparent === 'string' && TRACEPARENT.test(traceparent)) this.traceparent = traceparent;
    call.on('cancelled', () => {
      this.#isOver = true;
      this.#gone?.abort(cancelled());
    });
  }

  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      this.#gone = new AbortController();
      if (this.#isOver) this.#gone.abort(cancelled());
    }
    return this.#gone.signal;
  }
}

export function contextOf(call: AnyServerCall): CallContext {
  return new ServerCallContext(call);
}

/** The token of an `authorization: Bearer` header; undefined when there is none. */
export function bearerToken(metadata: Metadata): string | undefined {
  const [header] = metadata.get('authorization');
  return typeof header === 'string' ? /^bearer +(\S+)$/i.exec(header)?.[1] : undefined;
}

/** A handler that answers with what `answer` resolves to, or with the status of what it throws. */
export function unary<Request, Response>(
  answer: (
    request: Request,
    context: CallContext,
    call: ServerUnaryCall<Request, Response>,
  ) => Promise<Response> | Response,
  onFailure: (thrown: unknown) => void,
): handleUnaryCall<Request, Response> {
  return (call, callback: sendUnaryData<Response>) => {
    new Promise<Response>((resolve) => {
      checkRequestId(call.request);
      resolve(answer(call.request, contextOf(call), call));
    }).then(
      (response) => callback(null, response),
      (thrown) => {
        onFailure(thrown);
        callback(toGrpcFailure(thrown));
      },
    );
  };
}

/**
 * What is not UTF-8 is decoded as U+FFFD, so that two request ids would be one. All other ids are of ASCII alone, which their
 * parsers see to.
 */
function checkRequestId(request: unknown): void {
  const { requestId, template } = request as { requestId?: unknown; template?: { requestId?: unknown } | null };
  for (const id of [requestId, template?.requestId]) {
    if (typeof id === 'string' && id.includes('\uFFFD')) throw invalidArgument('request_id', 'is not UTF-8');
  }
}
