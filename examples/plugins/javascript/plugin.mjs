import { fileURLToPath } from 'node:url';
import { definePlugin } from 'shoal/plugin';

/** Beside this file, wherever npm has put the package: relative paths would start at the folder of the configuration. */
const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));

/** What a run may be told: `shoal start walk --set walkers=5`. */
const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    walkers: { type: 'integer', minimum: 1, maximum: 1000, description: 'How many walk; 3 if not said.' },
    ticks: { type: 'integer', minimum: 0, description: 'The run is complete after so many; 0 or not said: never.' },
    tick_ms: { type: 'integer', minimum: 0, description: 'How long a tick takes; 100 if not said.' },
  },
};

const positionsSchema = {
  type: 'array',
  description: 'Where each walker stands, in steps from where it began.',
  items: { type: 'object', properties: { x: { type: 'integer' }, y: { type: 'integer' } } },
};

export const plugin = definePlugin({
  apiVersion: 1,
  name: 'random-walk',
  version: '1.0.0',
  description: 'Walkers who take a random step each tick.',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      log: { type: 'boolean', default: true, description: 'Whether positions go to the log.' },
      memory_mb: { type: 'integer', minimum: 32, default: 128, description: 'How much memory a worker may take.' },
    },
  },
  describe: ({ log, memory_mb }) => ({
    description: `random walks, in ${memory_mb} MB`,
    events: [
      {
        key: 'walk.positions.v1',
        subject: 'events.simulation.{simulation_id}.walk',
        log,
        description: 'Where all walkers stand, after each tick.',
      },
    ],
    commands: ['pause', 'resume', 'step', 'reset', 'stop'],
    acknowledges: true,
    registers: true,
    configSchema,
    payloadSchemas: {
      'walk.positions.v1': { contentType: 'application/json', text: JSON.stringify(positionsSchema) },
    },
    launch: () => ({ executable: process.execPath, args: [`--max-old-space-size=${memory_mb}`, worker] }),
  }),
});
