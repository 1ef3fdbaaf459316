import type { PublishRefusal } from './nats-connection.ts';

/** First tokens of the subjects of live messages. */
const PUBLISHED_HERE = new Set(['events', 'orchestrator']);
/** The server says it of each message, and nothing when it takes them again. */
const REFUSAL_IS_NEWS_MS = 10_000;

/** Live messages that this NATS user was not allowed to publish: nobody got them. */
export class PublishRefusals {
  #count = 0;
  #last: { readonly reason: string; readonly atMs: number } | undefined;

  get count(): number {
    return this.#count;
  }

  /** Why they do not come through, for people, as long as that is news. */
  get trouble(): string | undefined {
    const { reason, atMs } = this.#last ?? { reason: undefined, atMs: 0 };
    return performance.now() - atMs < REFUSAL_IS_NEWS_MS ? reason : undefined;
  }

  note({ subject, reason }: PublishRefusal): void {
    if (!PUBLISHED_HERE.has(subject.split('.', 1)[0] ?? '')) return;
    this.#count += 1;
    const said = `live messages: ${reason}; let the NATS user of Shoal publish there`;
    this.#last = { reason: said, atMs: performance.now() };
  }
}
