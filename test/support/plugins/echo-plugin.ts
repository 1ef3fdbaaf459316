import { definePlugin, expandPlaceholders, PLUGIN_API_VERSION } from 'shoal/plugin';

interface EchoOptions {
  readonly text: string;
}

/** A plugin as a third party would write it, in TypeScript: its workers print one line and exit. */
export const plugin = definePlugin<EchoOptions>({
  apiVersion: PLUGIN_API_VERSION,
  name: 'echo',
  description: 'Prints one line and exits.',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['text'],
    properties: { text: { type: 'string' } },
  },
  describe: ({ text }) => ({
    description: `prints ${text}`,
    events: [],
    commands: [],
    acknowledges: false,
    registers: false,
    launch: ({ placeholders }) => ({ executable: 'echo', args: [expandPlaceholders(text, placeholders)] }),
  }),
});
