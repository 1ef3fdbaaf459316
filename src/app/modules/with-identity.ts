import type { DaemonState } from '../daemon-state.ts';

/** With the daemon's id, which is known only once its data folder is held: it is read when it is used. */
export function withIdentity<Parts extends object>(
  state: DaemonState,
  parts: Parts,
): Parts & { readonly orchestratorId: string } {
  return Object.defineProperty(parts, 'orchestratorId', { get: () => state.orchestratorId, enumerable: true }) as never;
}
