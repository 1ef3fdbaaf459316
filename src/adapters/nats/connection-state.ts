import { ShoalError } from '../../domain/shoal-error.ts';

export type LinkState = 'idle' | 'connected' | 'disconnected' | 'closed';

/** Whether the server can be reached at the moment, for those who wait for it or act when it changes. */
export class ConnectionState {
  #state: LinkState = 'idle';
  readonly #listeners = new Set<(state: LinkState) => void>();

  get current(): LinkState {
    return this.#state;
  }

  /** The one setter; listeners are called in the order of their subscription, and only for a change. */
  set(state: LinkState): boolean {
    if (state === this.#state || this.#state === 'closed') return false;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
    return true;
  }

  /** @returns what ends the subscription */
  onChange(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves when connected.
   *
   * @throws ShoalError BUS_UNAVAILABLE after `timeoutMs`, SHUTTING_DOWN once closed, CANCELLED when `signal` aborts
   */
  async whenConnected(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (this.#state === 'connected') return;
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: ShoalError): void => {
        clearTimeout(timer);
        stopListening();
        signal?.removeEventListener('abort', onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      const check = (state: LinkState): void => {
        if (state === 'connected') settle();
        if (state === 'closed') settle(closedError());
      };
      const onAbort = (): void => settle(new ShoalError('CANCELLED', 'waiting for NATS was cancelled'));
      const timer = setTimeout(() => settle(disconnectedError(timeoutMs)), timeoutMs);
      const stopListening = this.onChange(check);
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted === true) onAbort();
      else check(this.#state);
    });
  }
}

export function closedError(): ShoalError {
  return new ShoalError('SHUTTING_DOWN', 'the NATS connection is closed; Shoal is stopping');
}

export function disconnectedError(waitedMs: number): ShoalError {
  return new ShoalError('BUS_UNAVAILABLE', `NATS could not be reached for ${Math.round(waitedMs)} ms; try again later`);
}
