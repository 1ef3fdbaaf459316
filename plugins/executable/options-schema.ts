import type { JsonSchema } from 'shoal/plugin';

/** JSON Schema (draft-07) of the options of `plugin: executable`; contract section 10. */
export const EXECUTABLE_OPTIONS_SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['executable'],
  properties: {
    executable: {
      type: 'string',
      minLength: 1,
      description:
        'A path, or a name looked up on PATH. A relative path contains a slash and starts at the folder of the configuration.',
    },
    args: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'Arguments, with the placeholders {worker_id}, {simulation_id}, {grpc_address}, {command_subject}, {nats_url}, {config_file} and {seed}.',
    },
    env: {
      type: 'object',
      propertyNames: { pattern: '^(?!SHOAL_)[A-Za-z_][A-Za-z0-9_]*$' },
      additionalProperties: { type: 'string' },
      default: {},
      description: 'Environment variables, with the same placeholders. Names that begin with SHOAL_ are set by Shoal.',
    },
    pass_env: {
      type: 'array',
      items: { type: 'string', pattern: '^(?!SHOAL_)[A-Za-z_][A-Za-z0-9_]*$' },
      default: [],
      description:
        "Names of variables of the daemon's own environment to pass on, beside PATH, HOME, LANG, TZ and TMPDIR.",
    },
    cwd: {
      type: 'string',
      minLength: 1,
      description:
        'Working directory; a relative one starts at the folder of the configuration, which is also the default.',
    },
    events: {
      type: 'array',
      default: [],
      description: 'The events that the program emits. Other keys are accepted and take the built-in subjects.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['key'],
        properties: {
          key: { type: 'string', description: 'e.g. sim.world_state.v1' },
          subject: { type: 'string', description: 'Template of the NATS subject, beginning with "events.".' },
          log: { type: 'boolean', description: 'Whether the events go to the log; default true.' },
          description: { type: 'string' },
        },
      },
    },
    commands: {
      type: 'array',
      uniqueItems: true,
      items: {
        enum: [
          'pause',
          'resume',
          'step',
          'reset',
          'stop',
          'agent_action',
          'inject_agent',
          'custom',
          'set_speed',
          'snapshot',
        ],
      },
      description: 'The commands that the program understands; default all but snapshot.',
    },
    acknowledges: {
      type: 'boolean',
      default: true,
      description: 'false: the program cannot acknowledge; a command is complete once it is delivered.',
    },
    register: {
      enum: ['required', 'none'],
      default: 'required',
      description:
        'none: a plain program that knows nothing of Shoal; running once launched, and only stop is possible.',
    },
  },
};
