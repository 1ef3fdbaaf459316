export type Adapter = 'memory' | 'nats';

/** What is broken in a round. `pick`, from 0 to below 1, chooses among the workers that run at that moment. */
export type Fault =
  /** SIGKILL, and a new one over the same folder and ports; `againAfterMs`: that one too, so long after its launch. */
  | { readonly kind: 'kill-daemon'; readonly againAfterMs?: number }
  | { readonly kind: 'pause-daemon'; readonly forMs: number }
  | { readonly kind: 'kill-worker'; readonly pick: number }
  /** SIGSTOP; without `forMs` nobody wakes it. */
  | { readonly kind: 'stop-worker'; readonly pick: number; readonly forMs?: number }
  | { readonly kind: 'cut-workers' }
  /** Connections stand and nothing passes. */
  | { readonly kind: 'hold-workers'; readonly forMs: number }
  | { readonly kind: 'slow-workers'; readonly latencyMs: number; readonly forMs: number }
  | { readonly kind: 'kill-nats'; readonly forMs: number }
  | { readonly kind: 'restart-nats' }
  | { readonly kind: 'pause-nats'; readonly forMs: number }
  | { readonly kind: 'cut-nats' }
  | { readonly kind: 'hold-nats'; readonly forMs: number };

/** For people. */
export function faultText({ kind, ...details }: Fault): string {
  const words = Object.entries(details).map(([name, value]) =>
    name === 'pick' ? `pick ${value.toFixed(2)}` : `${name} ${value}`,
  );
  return words.length === 0 ? kind : `${kind} (${words.join(', ')})`;
}
