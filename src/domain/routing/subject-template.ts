import { quote, type SimulationId } from '../ids.ts';
import { invalidArgument } from '../shoal-error.ts';
import { MAX_SUBJECT_LENGTH } from './subject-rules.ts';

/** Reads a routing attribute of the event at hand; undefined when the event has none of that name. */
export type AttributeReader = (name: string) => string | undefined;

/** One compiled subject template, e.g. `events.simulation.{simulation_id}.agent.{agent_id}.observation`. */
export interface SubjectTemplate {
  readonly text: string;
  /** Attributes that an event must carry, beside the simulation id. */
  readonly attributes: readonly string[];
  /** @throws ShoalError INVALID_ARGUMENT when an attribute is missing or cannot be a subject token */
  subject(simulationId: SimulationId, attribute: AttributeReader): string;
}

const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;
const PLACEHOLDER = /^\{([a-z][a-z0-9_]{0,63})\}$/;
/** What a placeholder stands for has at most so many characters. */
const MAX_TOKEN_LENGTH = 128;

/**
 * Compiles a template of literal tokens and whole-token placeholders.
 *
 * @throws ShoalError INVALID_ARGUMENT that names what is wrong with the template
 */
export function compileSubjectTemplate(text: string): SubjectTemplate {
  const tokens = text.split('.');
  if (tokens[0] !== 'events' || tokens.length < 2) {
    throw invalidArgument('subject', `${JSON.stringify(text)} must begin with "events."`);
  }
  const parts = tokens.map((token) => compileToken(token, text));
  // One event with long attributes must not make the bus refuse its whole batch.
  const longest = parts.reduce((sum, { literal }) => sum + 1 + (literal?.length ?? MAX_TOKEN_LENGTH), -1);
  if (longest > MAX_SUBJECT_LENGTH) {
    throw invalidArgument(
      'subject',
      `${quote(text)} could have ${longest} characters; a subject has at most ${MAX_SUBJECT_LENGTH}`,
    );
  }
  const attributes = parts.flatMap((part) => (part.attribute === undefined ? [] : [part.attribute]));
  return {
    text,
    attributes,
    subject(simulationId, attribute) {
      let subject = '';
      for (const part of parts) {
        if (subject !== '') subject += '.';
        if (part.literal !== undefined) subject += part.literal;
        else if (part.attribute === undefined) subject += simulationId;
        else subject += attributeToken(part.attribute, attribute(part.attribute));
      }
      return subject;
    },
  };
}

interface TemplatePart {
  readonly literal?: string;
  /** Absent, like `literal`, for the simulation id. */
  readonly attribute?: string;
}

function compileToken(token: string, text: string): TemplatePart {
  if (TOKEN.test(token)) return { literal: token };
  const name = PLACEHOLDER.exec(token)?.[1];
  if (name === undefined) {
    throw invalidArgument(
      'subject',
      `${JSON.stringify(text)} has the token ${JSON.stringify(token)}; use A-Z a-z 0-9 _ - or one {placeholder}`,
    );
  }
  return name === 'simulation_id' ? {} : { attribute: name };
}

function attributeToken(name: string, value: string | undefined): string {
  if (value === undefined)
    throw invalidArgument(`attributes.${name}`, 'is missing; the subject of this event key is built from it');
  if (!TOKEN.test(value))
    throw invalidArgument(
      `attributes.${name}`,
      `${JSON.stringify(value.slice(0, 80))} must be 1 to 128 of A-Z a-z 0-9 _ -`,
    );
  return value;
}
