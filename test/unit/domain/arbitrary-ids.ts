import fc from 'fast-check';

const ALPHANUMERIC = [...'ABCXYZabcxyz0189'];
const WORD = [...ALPHANUMERIC, '_', '-'];

/** Contract section 1: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`. */
export const id = fc
  .tuple(fc.constantFrom(...ALPHANUMERIC), fc.string({ unit: fc.constantFrom(...WORD), maxLength: 127 }))
  .map(([first, rest]) => first + rest);

const keyToken = fc.oneof(
  fc.string({ unit: fc.constantFrom(...WORD), minLength: 1, maxLength: 8 }),
  fc.constantFrom('sim', 'v1', 'v2', 'world_state', 'agent_observation', 'agent_reward', 'x'.repeat(64)),
);

/** Contract section 1: 1 to 16 tokens `[A-Za-z0-9_-]{1,64}` joined by dots. */
export const eventTypeKey = fc.oneof(
  fc.array(keyToken, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.')),
  fc.array(keyToken, { minLength: 16, maxLength: 16 }).map((tokens) => tokens.join('.')),
  fc.tuple(keyToken, fc.nat(3)).map(([name, version]) => `sim.${name}.v${version}`),
);

/** What an attacker would put where a subject token, a path or an argument is expected. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('a', '.', '*', '>', ' ', '\t', '\r', '\n', '\0', '/', '{', '}', '$', 'é'),
    maxLength: 12,
  }),
  fc.constantFrom(
    '',
    '.',
    '..',
    'a..b',
    'a.b',
    '*',
    '>',
    'a b',
    'a\r\nPUB logging.events.raw 0\r\n\r\n',
    'x\n',
    '{agent_id}',
    '../../etc',
    'x'.repeat(129),
    'x'.repeat(5_000),
  ),
);
