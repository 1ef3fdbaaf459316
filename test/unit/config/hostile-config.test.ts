import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Composer, Lexer } from 'yaml';
import { ConfigInvalidError } from '../../../src/adapters/yaml/config-problem.ts';
import { parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { refusal } from './config-errors.ts';

const MiB = 1024 * 1024;
const fill = (text: string, size = MiB) => text.repeat(Math.floor(size / text.length));
const lines = (amount: number, line: (index: number) => string) =>
  Array.from({ length: amount }, (_, index) => line(index)).join('\n');
const options = (text: string) => `worker_types: [{ name: a, plugin: b }]\nlimits: {}\nrouting: {}\nextra:\n${text}`;

const HOSTILE: readonly (readonly [string, string, string])[] = [
  ['nested lists', fill('['), 'is nested too deeply; expected at most 64 levels'],
  ['nested maps', fill('{a: '), 'is nested too deeply'],
  ['nested entries', fill('- '), 'is nested too deeply'],
  ['nested keys', fill('? '), 'is nested too deeply'],
  ['a staircase', lines(1400, (index) => `${' '.repeat(index)}a:`), 'is nested too deeply'],
  ['40,000 keys', lines(40_000, (index) => `k${index}: 1`), 'has too many values; expected at most 100000 tokens'],
  ['14,000 keys', lines(14_000, (index) => `k${index}: 1`), 'is not a known key'],
  ['14,000 times the same key', lines(14_000, () => 'a: 1'), 'is written twice, first in line 1'],
  [
    'an alias bomb',
    options(
      `  a0: &a0 [x]\n${lines(40, (index) => `  a${index + 1}: &a${index + 1} [*a${index}, *a${index}, *a${index}]`)}`,
    ),
    'is not a known key',
  ],
  [
    'a bomb of texts',
    `worker_types:\n- name: a\n  plugin: b\n  options:\n    a0: &a0 [x, x, x, x, x, x, x, x]\n${lines(10, (index) => `    a${index + 1}: &a${index + 1} [${Array(8).fill(`*a${index}`).join(', ')}]`)}`,
    'aliases counted as often as they are used; expected at most 50000',
  ],
  [
    'a chain of aliases',
    `worker_types:\n- name: a\n  plugin: b\n  options:\n    a0: &a0 [x]\n${lines(500, (index) => `    a${index + 1}: &a${index + 1} [*a${index}]`)}`,
    'is nested too deeply',
  ],
  ['documents', fill('---\n'), 'has too many values'],
  ['two documents', fill('---\n', 4000), 'a second document begins here'],
  ['commas', `[${fill(',', 90_000)}`, 'Unexpected , in flow sequence'],
  ['quotes', fill('""', 90_000), 'Unexpected double-quoted-scalar'],
  ['bad escapes', `a: "${fill('\\q', MiB - 10)}"`, 'Invalid escape sequence'],
  ['an endless quote', `a: "${fill('\\', MiB - 10)}`, 'Missing closing "quote'],
  ['a long key', `${fill('a', MiB - 10)}: 1`, 'must be at most 1024 chars'],
  ['a long number', `limits: { max_labels: ${fill('1', MiB - 30)} }`, 'is Infinity; expected a finite number'],
  ['a long tag', fill('!'), '!!!'],
  ['directives', fill('%a\n', 90_000), 'Unknown directive'],
  ['NUL bytes', fill('\0'), 'holds a NUL byte'],
  ['too much', fill('#', MiB + 1), 'is larger than 1 MiB'],
];

/** Of this thread alone, so that a busy machine counts for nothing. */
function cpuMsOf(act: () => void): number {
  const before = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

test.each(HOSTILE)('%s: refused soon, in a short message', (_, text, says) => {
  let message = '';
  // Measured here: a quarter of a second at worst. What this guards against took 10 s, or ended the process.
  expect(cpuMsOf(() => (message = refusal(text).message))).toBeLessThan(5_000);
  expect(message).toContain(says);
  expect(message.length).toBeLessThan(60_000);
});

const bySays = (part: string) => HOSTILE.filter(([, , says]) => says.includes(part));

/** The composer recurses, and takes seconds for a megabyte of tokens: what is too deep or too much must not reach it. */
test.each([
  ...bySays('is nested too deeply').filter(([name]) => name !== 'a chain of aliases'),
  ...bySays('too many values'),
])('%s: refused before anything is composed', (_, text) => {
  const compose = vi.spyOn(Composer.prototype, 'compose');
  onTestFinished(() => compose.mockRestore());
  refusal('[');
  expect(compose).toHaveBeenCalledOnce();
  refusal(text);
  expect(compose).toHaveBeenCalledOnce();
});

test.each([...bySays('larger than'), ...bySays('NUL')])('%s: refused before the parser sees a byte', (_, text) => {
  const lex = vi.spyOn(Lexer.prototype, 'lex');
  onTestFinished(() => lex.mockRestore());
  refusal('[');
  expect(lex).toHaveBeenCalledOnce();
  refusal(text);
  expect(lex).toHaveBeenCalledOnce();
});

test.each([
  ['a comment of a megabyte', fill('#')],
  ['a megabyte of spaces', fill(' ')],
  ['a text of a megabyte', `worker_types: [{ name: a, plugin: b, options: { x: "${fill('x', MiB - 100)}" } }]`],
  [
    '10,000 options',
    `worker_types:\n- name: a\n  plugin: b\n  options:\n${lines(10_000, (index) => `    k${index}: 1`)}`,
  ],
  [
    'options 50 levels deep',
    `worker_types: [{ name: a, plugin: b, options: ${'{ a: '.repeat(50)}1${'}'.repeat(50)} }]`,
  ],
])('%s: accepted', (_, text) => {
  expect(() => parseConfig(text, 'shoal.yaml')).not.toThrow();
});

/** Accepts or refuses, and does nothing else. */
function settles(text: string, environment: Record<string, string> = {}): void {
  try {
    parseConfig(text, 'shoal.yaml', { environment });
  } catch (thrown) {
    if (!(thrown instanceof ConfigInvalidError)) throw thrown;
    expect(thrown.code).toBe('CONFIG_INVALID');
    expect(thrown.problems.length).toBeGreaterThan(0);
    expect(thrown.message).not.toMatch(/[^\P{C}\n]/u);
    for (const { line, column, message } of thrown.problems) {
      expect(line === 0 ? column === 0 : column >= 1).toBe(true);
      expect(message).not.toBe('');
    }
  }
}

test('any text is accepted or refused as CONFIG_INVALID, and nothing it says can steer a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => settles(text)),
    { numRuns: 2000 },
  );
});

test('so is any mixture of the pieces of YAML and of ours', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '-',
    '- ',
    '? ',
    '\n',
    '\n  ',
    '\t',
    ' ',
    ',',
    '"',
    "'",
    '#',
    ' #',
    '&a ',
    '*a',
    '!x ',
    '!!str ',
    '|\n',
    '>\n',
    '%YAML 1.2\n',
    '---\n',
    '...\n',
    '<<',
    '~',
    'null',
    '.nan',
    '0x1f',
    '1e999',
    '__proto__',
    'constructor',
    'toString',
    'grpc',
    'worker_types',
    'name',
    'plugin',
    'options',
    'limits',
    'listen',
    '10s',
    '3MiB',
    '\\',
    '\r',
    '\u0085',
    '\u2028',
    '\ud800',
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (mixed) => settles(mixed)),
    { numRuns: 5000 },
  );
});

test('so is any value at any key', () => {
  const paths = [
    'grpc',
    'grpc.worker',
    'http.listen',
    'limits.max_labels',
    'limits.command_timeout',
    'limits.max_event_bytes',
    'worker_types',
    'worker_types[0]',
    'worker_types[0].name',
    'worker_types[0].options',
    'worker_types[0].restart',
    'routing.rules',
    'routing.rules[0]',
    'routing.rules[0].subject',
    'messaging.nats.urls',
    'messaging.nats.stream.subject',
    'data_dir',
    'retention',
    'logging',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...paths), fc.jsonValue(), { maxKeys: 6 }), (overrides) => {
      try {
        parseConfig(
          'worker_types: [{ name: a, plugin: b }]\nrouting: { rules: [{ key: a, log: true }] }',
          'shoal.yaml',
          { overrides },
        );
      } catch (thrown) {
        if (!(thrown instanceof ConfigInvalidError)) throw thrown;
      }
    }),
    { numRuns: 2000 },
  );
});

test('so is any variable with any value', () => {
  const part = fc.constantFrom(
    'GRPC',
    'WORKER',
    'LISTEN',
    'WORKER_TYPES',
    '0',
    '1',
    'NAME',
    'OPTIONS',
    'X',
    '',
    'HTTP',
    'ROUTING',
    'RULES',
    '\u001b',
  );
  const name = fc.array(part, { maxLength: 5 }).map((parts) => `SHOAL__${parts.join('__')}`);
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('{a: 1}', '[1]', '127.0.0.1:0', '&a', '*a'),
  );
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (environment) =>
      settles('worker_types: [{ name: a, plugin: b }]', environment),
    ),
    { numRuns: 2000 },
  );
});

test('no text reaches the prototype of objects', () => {
  settles('__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }');
  settles('worker_types: [{ name: a, plugin: b, options: { constructor: { prototype: { polluted: 1 } } } }]');
  settles('"\\u005f_proto__": { polluted: 1 }');
  expect('polluted' in {}).toBe(false);
});
