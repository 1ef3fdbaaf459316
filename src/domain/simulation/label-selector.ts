import { quote } from '../ids.ts';
import { invalidArgument } from '../shoal-error.ts';
import { isLabelKey, isLabelValue, type Labels } from './labels.ts';

/** Splitting takes the square of the length. */
const MAX_LENGTH = 4_096;

export type LabelSelector = (labels: Labels) => boolean;

/**
 * Compiles a selector of Kubernetes' grammar: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Empty selects everything; as in
 * Kubernetes, `!=` and `notin` also select what lacks the key.
 *
 * @throws ShoalError INVALID_ARGUMENT that quotes the requirement which is wrong
 */
export function parseLabelSelector(text: string, field = 'label_selector'): LabelSelector {
  if (text.length > MAX_LENGTH)
    throw invalidArgument(field, `has ${text.length} characters; at most ${MAX_LENGTH} are allowed`);
  if (text.trim() === '') return () => true;
  const requirements = splitRequirements(text).map((requirement) => parseRequirement(requirement.trim(), field));
  return (labels) => requirements.every((holds) => holds(labels));
}

/** Splits at commas that are not within parentheses. */
function splitRequirements(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALITY = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/;
const EXISTS = /^(!?)\s*([^\s=!]+)$/;

function parseRequirement(text: string, field: string): LabelSelector {
  const set = SET.exec(text);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    demandSyntax(text, field, key, values);
    if (operator === 'in') return (labels) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');
    return (labels) => !Object.hasOwn(labels, key) || !values.includes(labels[key] ?? '');
  }
  const equality = EQUALITY.exec(text);
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality;
    demandSyntax(text, field, key, [value]);
    if (operator === '!=') return (labels) => !Object.hasOwn(labels, key) || labels[key] !== value;
    return (labels) => Object.hasOwn(labels, key) && labels[key] === value;
  }
  const exists = EXISTS.exec(text);
  if (exists === null) throw badRequirement(text, field);
  const [, not, key = ''] = exists;
  demandSyntax(text, field, key, []);
  return not === '!' ? (labels) => !Object.hasOwn(labels, key) : (labels) => Object.hasOwn(labels, key);
}

function demandSyntax(text: string, field: string, key: string, values: readonly string[]): void {
  if (!isLabelKey(key) || !values.every(isLabelValue)) throw badRequirement(text, field);
}

function badRequirement(text: string, field: string): Error {
  return invalidArgument(
    field,
    `${quote(text)} is not one of key=value, key!=value, key in (a,b), key notin (a,b), key, !key`,
  );
}
