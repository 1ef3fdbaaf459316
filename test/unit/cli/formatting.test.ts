import { expect, test } from 'vitest';
import { toYaml } from '../../../src/adapters/yaml/yaml-text.ts';
import { cutToWidth, sparkline } from '../../../src/cli/demo/ansi.ts';
import { escapeUnsafe, printableLines, printableOutput } from '../../../src/cli/printable-text.ts';
import { hasColours, styleOf } from '../../../src/cli/style.ts';
import { formatFacts, formatTable } from '../../../src/cli/table.ts';

const plain = styleOf(false);
const colourful = styleOf(true);

test('a table is as wide as what is in it, and lets nothing steer the terminal', () => {
  const rows = [
    { id: 'a', n: '5' },
    { id: 'long\x1b[2J', n: '1234' },
  ];
  const columns = [
    { title: 'ID', of: ({ id }: { id: string }) => id },
    { title: 'N', of: ({ n }: { n: string }) => n, align: 'right' as const },
    { title: 'NOTE', of: () => '' },
  ];
  expect(formatTable(plain, columns, rows).split('\n')).toEqual([
    'ID                N  NOTE',
    'a                 5',
    'long\\u{1b}[2J  1234',
  ]);
});

test('styles keep the width of a column', () => {
  const text = formatTable(
    colourful,
    [
      { title: 'STATE', of: (state: string) => state, style: colourful.green },
      { title: 'X', of: () => 'x' },
    ],
    ['UP', 'RUNNING'],
  );
  expect(text.split('\n').slice(1)).toEqual(['\x1b[32mUP     \x1b[39m  x', '\x1b[32mRUNNING\x1b[39m  x']);
});

test('facts are aligned', () => {
  expect(
    formatFacts(plain, [
      ['id', 'a'],
      ['long name', '\x07'],
    ]),
  ).toBe('id:        a\nlong name: \\u{7}');
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: false }, {}, false],
  [{}, {}, false],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
])('colours on %j with %j: %j', (stream, environment, expected) => {
  expect(hasColours(stream, environment)).toBe(expected);
});

test('text of others is made printable, line by line, and output keeps its tabs', () => {
  expect(printableLines('a\x1b[0m\nb\rc\u202e')).toBe('a\\u{1b}[0m\nb\\u{d}c\\u{202e}');
  expect(printableOutput('a\tb\x00')).toBe('a\tb\\u{0}');
});

test.each(['\x7f', '\x9b31m', '\u202eabc', '\u2028', '\ufeff', '\u200b'])(
  'JSON with %j stays the same JSON, escaped',
  (text) => {
    const escaped = escapeUnsafe(JSON.stringify({ text }));
    expect(escaped).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(escaped)).toEqual({ text });
  },
);

test.each(['plain', 'a: b', '\x1b[31m', 'x\x9by', '\u202eabc', 'tab\there', 'two\nlines', '', '007', 'yes', '\x7f'])(
  'YAML with %j says the same, and nothing in it can steer a terminal',
  async (text) => {
    const yaml = toYaml({ list: [text], [`key ${text}`]: 1 });
    expect(yaml).not.toMatch(/[^\P{C}\n\t]/u);
    const { parse } = await import('yaml');
    expect(parse(yaml)).toEqual({ list: [text], [`key ${text}`]: 1 });
  },
);

test('a line is cut to a width by what is seen of it', () => {
  expect(cutToWidth('abcdef', 4)).toBe('abcd');
  expect(cutToWidth('\x1b[31mabc\x1b[39mdef', 4)).toBe('\x1b[31mabc\x1b[39md');
  expect(cutToWidth('\x1b[1mabcdef\x1b[22m', 2)).toBe('\x1b[1mab\x1b[22m');
  expect(cutToWidth('ab', 4)).toBe('ab');
});

test('a sparkline has a bar for each value, the highest for the highest', () => {
  expect(sparkline([0, 50, 100], 100)).toBe('▁▅█');
  expect(sparkline([0, 0], 0)).toBe('▁▁');
  expect(sparkline([], 1)).toBe('');
});
