import {
  type CommandName,
  checkPlaceholders,
  definePlugin,
  type EventDescription,
  expandPlaceholders,
  PLUGIN_API_VERSION,
} from 'shoal/plugin';
import { EXECUTABLE_OPTIONS_SCHEMA } from './options-schema.ts';

/** The options of `plugin: executable`, as `options-schema.ts` checks them and fills in their defaults. */
export interface ExecutableOptions {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly pass_env: readonly string[];
  readonly cwd?: string;
  readonly events: readonly EventDescription[];
  readonly commands?: readonly CommandName[];
  readonly acknowledges: boolean;
  readonly register: 'required' | 'none';
}

/** All that workers can be asked, but `snapshot`, for which a worker needs code of its own. */
const DEFAULT_COMMANDS: readonly CommandName[] = [
  'pause',
  'resume',
  'step',
  'reset',
  'stop',
  'agent_action',
  'inject_agent',
  'custom',
  'set_speed',
];

/** The built-in worker type that launches any program. */
export const executable = definePlugin<ExecutableOptions>({
  apiVersion: PLUGIN_API_VERSION,
  name: 'executable',
  description: 'Launches any program, with arguments and environment from the configuration.',
  optionsSchema: EXECUTABLE_OPTIONS_SCHEMA,

  describe(options) {
    checkTexts(options);
    const registers = options.register === 'required';
    return {
      description: `launches ${options.executable}`,
      events: options.events,
      commands: registers ? (options.commands ?? DEFAULT_COMMANDS) : onlyStop(options.commands),
      acknowledges: options.acknowledges && registers,
      registers,
      passEnv: options.pass_env,
      launch: ({ placeholders }) => ({
        executable: options.executable,
        args: options.args.map((arg) => expandPlaceholders(arg, placeholders)),
        env: mapValues(options.env, (value) => expandPlaceholders(value, placeholders)),
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      }),
    };
  },
});

/** A misspelt placeholder is found when the daemon starts, not at the first launch. */
function checkTexts(options: ExecutableOptions): void {
  const texts = [
    ...options.args.map((text, at) => [`options.args[${at}]`, text] as const),
    ...Object.entries(options.env).map(([name, text]) => [`options.env.${name}`, text] as const),
  ];
  for (const [path, text] of texts) {
    try {
      checkPlaceholders(text);
    } catch (err) {
      throw new Error(`${path}: ${err instanceof Error ? err.message : err}`);
    }
  }
}

function onlyStop(commands: readonly CommandName[] | undefined): readonly CommandName[] {
  const other = commands?.find((name) => name !== 'stop');
  if (other === undefined) return ['stop'];
  throw new Error(
    `options.commands: ${other} needs a program that registers; with "register: none" only stop is possible`,
  );
}

function mapValues(record: Readonly<Record<string, string>>, map: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
