/** Where workers reach this daemon: known once it listens, and waited for by what is launched before. */
export class WorkerAddress {
  readonly #known = Promise.withResolvers<void>();
  #address = '';

  /** `host:port`; empty before it is known. */
  get current(): string {
    return this.#address;
  }

  /** Resolves when it is known. */
  get known(): Promise<void> {
    return this.#known.promise;
  }

  publish(address: string): void {
    this.#address = address;
    this.#known.resolve();
  }
}
