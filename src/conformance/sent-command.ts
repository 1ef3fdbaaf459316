import type { CommandContent } from './command-envelope.ts';
import type { SeenAck } from './observations.ts';

export interface SentCommand {
  readonly id: string;
  /** ms since the launch. */
  readonly atMs: number;
  readonly content: CommandContent;
}

/**
 * The acknowledgements of one of the commands that were sent. Those that name no command at all count for the oldest ones that have
 * none: that the correlation is wrong is the finding of one check alone.
 */
export function acksFor(command: SentCommand, all: readonly SentCommand[], acks: readonly SeenAck[]): SeenAck[] {
  const named = (id: string) => acks.filter(({ event }) => event.envelope.correlationId === id);
  const own = named(command.id);
  if (own.length > 0) return own;
  const strays = acks.filter(({ event }) => all.every(({ id }) => id !== event.envelope.correlationId));
  const unanswered = all.filter(({ id }) => named(id).length === 0);
  const stray = strays[unanswered.indexOf(command)];
  return stray === undefined ? [] : [stray];
}
