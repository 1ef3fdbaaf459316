import type { StreamInfo } from '@nats-io/jetstream';

/** A stream, as it was when somebody looked last. */
export class KnownStream {
  #identity: string | undefined;
  #lastSequence = 0;

  /** It has a message of this sequence. */
  reached(sequence: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }

  /** @returns whether it is another one than before, or has lost what it held; false for the first */
  found(stream: StreamInfo): boolean {
    const identity = identityOf(stream);
    const isAnother = this.#identity !== undefined && this.#identity !== identity;
    // A stream in memory keeps its identity when its server is restarted, and nothing else.
    const isWhole = stream.state.last_seq >= this.#lastSequence;
    this.#identity = identity;
    this.#lastSequence = stream.state.last_seq;
    return isAnother || !isWhole;
  }
}

/** No two streams of a name are made at one time, which the server tells in nanoseconds. */
export function identityOf({ config, created }: StreamInfo): string {
  return `${config.name}@${created}`;
}
