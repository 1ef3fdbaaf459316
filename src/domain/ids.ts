import { invalidArgument } from './shoal-error.ts';

/** A string that one parser has checked: it may enter a NATS subject, a file path or an argument list. */
type Checked<Name extends string> = string & { readonly __checked: Name };

export type SimulationId = Checked<'SimulationId'>;
export type WorkerId = Checked<'WorkerId'>;
export type AgentId = Checked<'AgentId'>;
export type EventTypeKey = Checked<'EventTypeKey'>;
export type EventId = Checked<'EventId'>;

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const EVENT_TYPE_KEY = /^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,15}$/;
const EVENT_ID = /^[\x21-\x7e]{1,128}$/;

/** In ASCII characters. */
export const MAX_EVENT_ID_LENGTH = 128;

const ID_RULE = 'must be 1 to 128 of A-Z a-z 0-9 _ -, beginning with a letter or digit';
const KEY_RULE = 'must be 1 to 16 tokens of A-Z a-z 0-9 _ - (each at most 64 characters), joined by dots';
const EVENT_ID_RULE = 'must be 1 to 128 printable ASCII characters without spaces';

export function isId(text: string): boolean {
  return ID.test(text);
}

/** @throws ShoalError INVALID_ARGUMENT that names `field` */
export function parseSimulationId(text: string, field = 'simulation_id'): SimulationId {
  return parse(text, ID, field, ID_RULE) as SimulationId;
}

/** @throws ShoalError INVALID_ARGUMENT that names `field` */
export function parseWorkerId(text: string, field = 'worker_id'): WorkerId {
  return parse(text, ID, field, ID_RULE) as WorkerId;
}

/** @throws ShoalError INVALID_ARGUMENT that names `field` */
export function parseAgentId(text: string, field = 'agent_id'): AgentId {
  return parse(text, ID, field, ID_RULE) as AgentId;
}

/** @throws ShoalError INVALID_ARGUMENT that names `field` */
export function parseEventTypeKey(text: string, field = 'event_type_key'): EventTypeKey {
  return parse(text, EVENT_TYPE_KEY, field, KEY_RULE) as EventTypeKey;
}

/** @throws ShoalError INVALID_ARGUMENT that names `field` */
export function parseEventId(text: string, field = 'event_id'): EventId {
  return parse(text, EVENT_ID, field, EVENT_ID_RULE) as EventId;
}

function parse(text: string, rule: RegExp, field: string, expected: string): string {
  if (rule.test(text)) return text;
  throw invalidArgument(field, `${quote(text)} ${expected}`);
}

/** Quotes input for a message: control bytes escaped, cut to a readable length. */
export function quote(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(cut);
}
