import { status } from '@grpc/grpc-js';

/** What a call asks for by itself decides nothing: these mean that no later attempt of this worker can succeed. */
const finalCodes: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.UNIMPLEMENTED,
]);

/** Whether a refusal will be the same however often it is tried; everything else is worth another attempt. */
export function isFinal(code: number): boolean {
  return finalCodes.has(code);
}

export function describeStatus(end: { readonly code: number; readonly details: string }): string {
  return `${status[end.code] ?? end.code}${end.details === '' ? '' : `: ${end.details}`}`;
}

/** The status of whatever a call rejected with; not a call's error: `undefined`. */
export function statusOf(thrown: unknown): { readonly code: number; readonly details: string } | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'number') return undefined;
  return { code: thrown.code, details: 'details' in thrown ? String(thrown.details) : thrown.message };
}
