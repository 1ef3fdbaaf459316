import { z } from 'zod';
import { COMMAND_NAMES, type CommandName } from '../../domain/command/command.ts';
import { parseEventTypeKey } from '../../domain/ids.ts';
import { compileSubjectTemplate } from '../../domain/routing/subject-template.ts';
import type { LaunchSpec, WorkerTypeDescriptor } from '../../plugin/plugin.ts';
import { messageOf, PluginProblem } from './plugin-problem.ts';

const variableName = z
  .string()
  .regex(/^(?!SHOAL_)[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable, not beginning with SHOAL_');
const hook = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'must be a function');
const jsonSchema = z.record(z.string(), z.unknown());

const pluginShape = z.looseObject({
  name: z.string().min(1).max(128),
  version: z.string().max(128).optional(),
  description: z.string().max(4096),
  optionsSchema: jsonSchema,
  describe: hook,
});

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
  commands: z.array(z.enum(COMMAND_NAMES)),
  acknowledges: z.boolean(),
  registers: z.boolean(),
  passEnv: z.array(variableName).optional(),
  configSchema: jsonSchema.optional(),
  payloadSchemas: z
    .record(z.string(), z.strictObject({ contentType: z.string(), text: z.string().optional() }))
    .optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
  launch: hook,
});

const launchShape = z.strictObject({
  executable: z.string().min(1),
  args: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  cwd: z.string().min(1).optional(),
});

/** @throws PluginProblem that names what is missing or wrong in what the module exports */
export function checkPluginShape(exported: unknown): void {
  checkShape(pluginShape, exported, 'it');
}

/**
 * Checks what `describe` answered.
 *
 * @throws PluginProblem that names what is wrong
 */
export function checkDescriptor(answer: unknown): asserts answer is WorkerTypeDescriptor {
  checkShape(descriptorShape, answer, 'describe()');
  const descriptor = answer as WorkerTypeDescriptor;
  checkEvents(descriptor);
  const impossible = descriptor.registers
    ? undefined
    : descriptor.commands.find((name: CommandName) => name !== 'stop');
  if (impossible !== undefined) {
    throw new PluginProblem(`commands: ${impossible} needs workers that register; without that only stop is possible`);
  }
  try {
    structuredClone([descriptor.configSchema, descriptor.payloadSchemas, descriptor.extensions]);
  } catch (err) {
    throw new PluginProblem(`configSchema, payloadSchemas and extensions must be plain data: ${messageOf(err)}`);
  }
}

/** @throws PluginProblem that names what is wrong with what `launch` answered */
export function checkLaunchSpec(answer: unknown): asserts answer is LaunchSpec {
  checkShape(launchShape, answer, 'launch()');
}

function checkEvents({ events }: WorkerTypeDescriptor): void {
  const seen = new Set<string>();
  for (const [at, { key, subject }] of events.entries()) {
    try {
      parseEventTypeKey(key, 'key');
      if (subject !== undefined) compileSubjectTemplate(subject);
    } catch (err) {
      throw new PluginProblem(`events[${at}].${messageOf(err)}`);
    }
    if (key.startsWith('orchestrator.')) throw new PluginProblem(`events[${at}].key: orchestrator.* is Shoal's own`);
    if (seen.has(key)) throw new PluginProblem(`events[${at}].key: ${key} is declared twice`);
    seen.add(key);
  }
}

function checkShape(shape: z.ZodType, value: unknown, what: string): void {
  const result = shape.safeParse(value);
  if (result.success) return;
  const faults = result.error.issues.slice(0, 10).map(({ path, message }) => `${toPath(path)}${message}`);
  throw new PluginProblem(`${what} does not have the shape of the plugin API: ${faults.join('; ')}`);
}

function toPath(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}
