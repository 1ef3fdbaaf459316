import { ShoalError } from '../../domain/shoal-error.ts';

/** What long calls of one kind have room for, all callers together or each by itself. */
export class CallPlaces<Caller extends object | string> {
  readonly #taken = new Map<Caller, number>();
  readonly #limit: { readonly name: string; readonly max: () => number; readonly cure: string };

  /** @param limit its name for messages; how many calls at once; what to do when there are more */
  constructor(limit: { readonly name: string; readonly max: () => number; readonly cure: string }) {
    this.#limit = limit;
  }

  /**
   * Holds a place until the call is over.
   *
   * @param call of grpc-js; it emits `close` or `cancelled` when it is over, perhaps both
   * @throws ShoalError CAPACITY_EXHAUSTED that names the limit
   */
  take(caller: Caller, call: { once(event: 'close' | 'cancelled', listener: () => void): unknown }): void {
    const { name, max, cure } = this.#limit;
    const taken = this.#taken.get(caller) ?? 0;
    if (taken >= max()) {
      throw new ShoalError('CAPACITY_EXHAUSTED', `${name} (${max()}) is reached; ${cure}`, {
        metadata: { limit: name, value: String(max()) },
      });
    }
    this.#taken.set(caller, taken + 1);
    let isHeld = true;
    const free = (): void => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#taken.get(caller) ?? 1) - 1;
      if (left === 0) this.#taken.delete(caller);
      else this.#taken.set(caller, left);
    };
    call.once('close', free);
    call.once('cancelled', free);
  }
}
