import { resolve } from 'node:path';
import { type CommandName, checkPlaceholders, definePlugin, expandPlaceholders, type JsonSchema } from 'shoal/plugin';
import { VirtualEnvironment } from './virtual-environment.ts';

/** As `optionsSchema` checks them and fills in their defaults. */
export interface PythonOptions {
  readonly venv: string;
  readonly script?: string;
  readonly module?: string;
  readonly args: readonly string[];
  readonly register: 'required' | 'none';
}

const optionsSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    venv: { type: 'string', minLength: 1, default: '.venv', description: 'Folder of the virtual environment.' },
    script: { type: 'string', minLength: 1, description: 'The program: a file.' },
    module: { type: 'string', minLength: 1, description: 'The program: a module, as in "python -m MODULE".' },
    args: { type: 'array', items: { type: 'string' }, default: [], description: 'Arguments, with placeholders.' },
    register: {
      enum: ['required', 'none'],
      default: 'none',
      description: 'required: the program is a worker, which registers, reports events and obeys commands.',
    },
  },
};

const WORKER_COMMANDS: readonly CommandName[] = ['pause', 'resume', 'step', 'reset', 'stop', 'agent_action', 'custom'];

export const plugin = definePlugin<PythonOptions>({
  apiVersion: 1,
  name: 'python',
  version: '1.0.0',
  description: 'Python programs in a virtual environment.',
  optionsSchema,

  async describe(options, { baseDirectory }) {
    const program = programOf(options, baseDirectory);
    for (const arg of options.args) checkPlaceholders(arg);
    const environment = new VirtualEnvironment(resolve(baseDirectory, options.venv));
    await environment.check();
    const registers = options.register === 'required';
    return {
      description: `runs python ${program.join(' ')} in ${environment.folder}`,
      events: [],
      commands: registers ? WORKER_COMMANDS : ['stop'],
      acknowledges: registers,
      registers,
      passEnv: ['PYTHONPATH', 'LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES'],
      launch: ({ placeholders }) => ({
        executable: environment.python,
        // Unbuffered: what the program prints is there to read when it prints it.
        args: ['-u', ...program, ...options.args.map((arg) => expandPlaceholders(arg, placeholders))],
        env: environment.variables(process.env['PATH']),
      }),
    };
  },
});

/** The arguments that say what to run. @throws Error unless there is exactly one */
function programOf({ script, module }: PythonOptions, baseDirectory: string): readonly string[] {
  if (script !== undefined && module === undefined) return [resolve(baseDirectory, script)];
  if (module !== undefined && script === undefined) return ['-m', module];
  throw new Error('options: give either script or module');
}
