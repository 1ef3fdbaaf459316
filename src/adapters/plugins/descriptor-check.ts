import { z } from 'zod';
import { COMMAND_NAMES } from '../../domain/command/command.ts';
import { parseEventTypeKey, quote } from '../../domain/ids.ts';
import { compileSubjectTemplate } from '../../domain/routing/subject-template.ts';
import type { WorkerTypeDescriptor } from '../../plugin/plugin.ts';
import { nearest } from './json-schema.ts';
import { askAll, messageOf } from './plugin-problem.ts';
import { checkShape } from './shape-check.ts';

const jsonSchema = z.record(z.string(), z.unknown());

/** Strict: a misspelt optional member would be ignored without a word. */
const descriptorShape = z.strictObject({
  description: z.string().max(4096),
  events: z
    .array(
      z.strictObject({
        key: z.string(),
        subject: z.string().max(1024).optional(),
        log: z.boolean().optional(),
        description: z.string().max(4096).optional(),
      }),
    )
    .max(4096),
  commands: z.array(z.string()),
  acknowledges: z.boolean(),
  registers: z.boolean(),
  passEnv: z.array(z.string()).optional(),
  configSchema: jsonSchema.optional(),
  payloadSchemas: z
    .record(z.string(), z.strictObject({ contentType: z.string(), text: z.string().optional() }))
    .optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
  launch: z.custom((value) => typeof value === 'function', 'must be a function'),
});

const PASSED_VARIABLE = /^(?!SHOAL_)[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Checks what `describe` answered.
 *
 * @throws PluginProblem that names what is wrong
 */
export function checkDescriptor(answer: unknown): asserts answer is WorkerTypeDescriptor {
  checkShape('descriptor-shape', descriptorShape, answer, 'describe()');
  const descriptor = answer as WorkerTypeDescriptor;
  const { events } = descriptor;
  askAll({
    'event-keys': () => eachOf(events, 'events', ({ key }) => parseEventTypeKey(key, 'key')),
    'event-keys-unreserved': () => eachOf(events, 'events', checkUnreserved),
    'event-keys-once': () => eachOf(events, 'events', checkOnce()),
    'event-subjects': () => eachOf(events, 'events', ({ subject }) => subject && compileSubjectTemplate(subject)),
    'commands-known': () => eachOf(descriptor.commands, 'commands', checkKnownCommand),
    'commands-possible': () => checkPossible(descriptor),
    'passed-variables': () => eachOf(descriptor.passEnv ?? [], 'passEnv', checkPassedVariable),
    'plain-data': () => checkPlainData(descriptor),
  });
}

/** @throws Error that says which entry of the list is wrong */
function eachOf<T>(entries: readonly T[], list: string, check: (entry: T) => void): void {
  for (const [at, entry] of entries.entries()) {
    try {
      check(entry);
    } catch (err) {
      const message = messageOf(err);
      throw new Error(`${list}[${at}]${/^\w+: /.test(message) ? '.' : ': '}${message}`);
    }
  }
}

function checkUnreserved({ key }: { readonly key: string }): void {
  if (key.startsWith('orchestrator.')) throw new Error("key: orchestrator.* is Shoal's own");
}

function checkOnce(): (event: { readonly key: string }) => void {
  const seen = new Set<string>();
  return ({ key }) => {
    if (seen.has(key)) throw new Error(`key: ${key} is declared twice`);
    seen.add(key);
  };
}

function checkKnownCommand(name: string): void {
  const known: readonly string[] = COMMAND_NAMES;
  if (known.includes(name)) return;
  throw new Error(`${quote(name)} is no command; there are ${known.join(', ')}${nearest(name, known)}`);
}

function checkPossible({ registers, commands }: WorkerTypeDescriptor): void {
  const impossible = registers ? undefined : commands.find((name) => name !== 'stop');
  if (impossible === undefined) return;
  throw new Error(`commands: ${impossible} needs workers that register; without that only stop is possible`);
}

function checkPassedVariable(name: string): void {
  if (PASSED_VARIABLE.test(name)) return;
  throw new Error(`${quote(name)} must be the name of a variable, not beginning with SHOAL_`);
}

function checkPlainData({ configSchema, payloadSchemas, extensions }: WorkerTypeDescriptor): void {
  try {
    structuredClone([configSchema, payloadSchemas, extensions]);
  } catch (err) {
    throw new Error(`configSchema, payloadSchemas and extensions must be plain data: ${messageOf(err)}`);
  }
}
