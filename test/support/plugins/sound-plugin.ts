import { definePlugin, type LaunchContext, type WorkerTypeDescriptor, type WorkerTypePlugin } from 'shoal/plugin';

type Members<T> = { readonly [K in keyof T]?: unknown };

interface SoundOptions {
  readonly size: number;
}

/** With these the sound plugin passes every check. */
export const SOUND_TRIAL = {
  options: { size: 3 },
  refusedOptions: [{ size: 'big' }, {}],
  runConfigs: [{}, { label: 'x' }],
  refusedRunConfigs: [{ label: 1 }, { lable: 'x' }],
};

/** A plugin that uses every member of the API, with what a test wants to be wrong of it. */
export function soundPlugin(
  plugin: Members<WorkerTypePlugin> = {},
  descriptor: Members<WorkerTypeDescriptor> & Readonly<Record<string, unknown>> = {},
): WorkerTypePlugin<never> {
  const sound = definePlugin<SoundOptions>({
    apiVersion: 1,
    name: 'sound',
    version: '1.2.3',
    description: 'For tests.',
    optionsSchema: {
      type: 'object',
      additionalProperties: false,
      required: ['size'],
      properties: { size: { type: 'integer' } },
    },
    describe: ({ size }) => ({
      description: `of size ${size}`,
      events: [
        { key: 'sim.sound.v1', log: false, description: 'How loud.' },
        { key: 'sim.echo.v1', subject: 'events.simulation.{simulation_id}.cave.{cave_id}' },
      ],
      commands: ['pause', 'resume', 'stop'],
      acknowledges: true,
      registers: true,
      passEnv: ['RUST_LOG'],
      configSchema: { type: 'object', additionalProperties: false, properties: { label: { type: 'string' } } },
      payloadSchemas: { 'sim.sound.v1': { contentType: 'application/json', text: '{}' } },
      extensions: { viewer: { kind: 'waves' } },
      launch: ({ workerId, configFile, seed }: LaunchContext) => ({
        executable: process.execPath,
        args: ['--worker', workerId, '--config', configFile, ...(seed === undefined ? [] : [`--seed=${seed}`])],
        env: { SIZE: String(size) },
        cwd: '.',
      }),
      ...(descriptor as object),
    }),
  });
  return { ...sound, ...(plugin as object) };
}
