export const ENOUGH = Symbol('enough');

/** Lets go of those that are waited for as soon as enough of them are through. */
export class Quorum {
  #missing: number;
  readonly #enough = Promise.withResolvers<typeof ENOUGH>();

  constructor(size: number) {
    this.#missing = size;
  }

  /** One more is through. */
  reached(): void {
    this.#missing -= 1;
    if (this.#missing === 0) this.#enough.resolve(ENOUGH);
  }

  /** Settles as `work` does, or with ENOUGH when the others are enough. */
  orEnough<T>(work: Promise<T>): Promise<T | typeof ENOUGH> {
    return Promise.race([work, this.#enough.promise]);
  }
}
