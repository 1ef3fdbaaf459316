import { createHmac, randomBytes } from 'node:crypto';
import {
  type EventId,
  parseEventId,
  parseSimulationId,
  parseWorkerId,
  type SimulationId,
  type WorkerId,
} from '../../domain/ids.ts';
import type { IdSource } from '../../ports/id-source.ts';

/** Without 0, 1, i, l, o: an id is read aloud and typed. 31 letters. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';

/**
 * Ids from the operating system's random source; events get a random prefix of this process and a counter. A token is the
 * HMAC-SHA-256 of the worker's id: kept nowhere, and good for as long as the key is (ADR 0015).
 */
export class RandomIds implements IdSource {
  readonly #prefix = letters(10);
  readonly #tokenKey: () => Uint8Array;
  #events = 0;

  /** @param tokenKey 32 bytes, asked for with the first token; default: random ones of this process */
  constructor(tokenKey: () => Uint8Array = ownKey()) {
    this.#tokenKey = tokenKey;
  }

  simulationId(): SimulationId {
    return parseSimulationId(`sim-${letters(10)}`);
  }

  workerId(): WorkerId {
    return parseWorkerId(`w-${letters(12)}`);
  }

  eventId(): EventId {
    this.#events += 1;
    return parseEventId(`${this.#prefix}-${this.#events.toString(36)}`);
  }

  token(workerId: WorkerId): string {
    return createHmac('sha256', this.#tokenKey()).update(workerId).digest('base64url');
  }
}

function ownKey(): () => Uint8Array {
  const key = randomBytes(32);
  return () => key;
}

export function letters(count: number): string {
  let text = '';
  while (text.length < count) {
    for (const byte of randomBytes(count)) {
      // Bytes that would favour the first letters are thrown away.
      if (byte < 248 && text.length < count) text += LETTERS[byte % LETTERS.length];
    }
  }
  return text;
}
