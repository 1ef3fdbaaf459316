import { randomBytes } from 'node:crypto';
import type { Kept } from './behaviour/batches.ts';
import type { Behaviour } from './behaviour/behaviour.ts';
import { type Answer, messages } from './messages.ts';
import type { WorldEvent } from './world.ts';

/** Puts events into envelopes: ids of a random prefix and a counter, ordinals that rise by 1. */
export class Envelopes {
  readonly #simulationId: string;
  readonly #behaviour: Behaviour;
  readonly #prefix = randomBytes(6).toString('hex');
  #count = 0;
  #ordinal = 0;

  constructor(simulationId: string, behaviour: Behaviour) {
    this.#simulationId = simulationId;
    this.#behaviour = behaviour;
  }

  ofWorld({ key, payload, attributes }: WorldEvent, timestampNs: bigint): Kept {
    return this.#make(timestampNs, { eventTypeKey: key, eventPayload: payload, attributes: { ...attributes } });
  }

  ofAnswer(commandId: string, answer: Answer): Kept {
    return this.#make(this.#behaviour.timestampNs(), {
      eventTypeKey: 'worker.command_ack.v1',
      eventPayload: messages.CommandAck.serialize(answer),
      payloadContentType: 'application/protobuf; message=fes.orchestration.v1.CommandAck',
      correlationId: commandId,
    });
  }

  reset(): void {
    this.#count = this.#behaviour.countAfterReset('ids', this.#count);
    this.#ordinal = this.#behaviour.countAfterReset('ordinals', this.#ordinal);
  }

  #make(timestampNs: bigint, rest: Parameters<typeof messages.Envelope.serialize>[0]): Kept {
    this.#count += 1;
    this.#ordinal += 1;
    const eventId = this.#behaviour.eventId(this.#prefix, this.#count, this.#simulationId);
    const identity = { eventId, ordinal: this.#ordinal, timestampNs: String(timestampNs) };
    return { bytes: messages.Envelope.serialize({ ...rest, ...identity }), eventId, ordinal: this.#ordinal };
  }
}
