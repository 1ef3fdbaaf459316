import { type Client, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { expect } from 'vitest';
import { STATUS_DETAILS } from '../../../src/adapters/grpc/error-info.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';

export interface MethodOf<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

export interface CallOptions {
  /** Of a worker. */
  readonly token?: string | undefined;
  /** From now. Default: 30 s, so that a hanging call fails its test with its name. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A worker's call without the header that its token would be in. */
export const WITHOUT_TOKEN: CallOptions = { token: undefined };

export function metadataOf({ token, metadata = {} }: CallOptions): Metadata {
  const result = new Metadata();
  for (const [name, value] of Object.entries(metadata)) result.set(name, value);
  if (token !== undefined) result.set('authorization', `Bearer ${token}`);
  return result;
}

export function unaryCall<Request, Response>(
  client: Client,
  method: MethodOf<Request, Response>,
  request: Request,
  options: CallOptions = {},
): Promise<Response> {
  const { path, requestSerialize, responseDeserialize } = method;
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadataOf(options),
      { deadline: Date.now() + (options.deadlineMs ?? 30_000) },
      (error, response) => (error === null ? resolve(response as Response) : reject(error)),
    );
    options.signal?.addEventListener('abort', () => call.cancel());
  });
}

/** What a caller learns from a failed call. */
export interface Failure {
  readonly code: keyof typeof status;
  readonly message: string;
  /** Of the ErrorInfo; undefined when the status carries none. */
  readonly reason: string | undefined;
  readonly domain: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

export function readFailure(error: Pick<ServiceError, 'code' | 'details' | 'metadata'>): Failure {
  const [bytes] = error.metadata.get(STATUS_DETAILS);
  const code = status[error.code] as keyof typeof status;
  if (!Buffer.isBuffer(bytes)) {
    return { code, message: error.details, reason: undefined, domain: undefined, metadata: {} };
  }
  const { Status, ErrorInfo } = loadProtos().tree.google.rpc;
  const told = Status.deserialize(bytes);
  expect(told).toMatchObject({ code: error.code, message: error.details });
  const [any] = told.details as unknown as { readonly type_url: string; readonly value: Buffer }[];
  expect(any?.type_url).toBe('type.googleapis.com/google.rpc.ErrorInfo');
  const { reason, domain, metadata } = ErrorInfo.deserialize(any?.value ?? Buffer.alloc(0));
  return { code, message: error.details, reason, domain, metadata };
}

/** The failure of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    (response) => expect.fail(`the call succeeded: ${JSON.stringify(response)}`),
    (thrown: ServiceError) => thrown,
  );
  return readFailure(error);
}
