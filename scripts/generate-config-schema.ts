/**
 * Writes config/shoal.schema.json and the tables of docs/configuration.md from the configuration's schema.
 *
 *   node scripts/generate-config-schema.ts           writes them
 *   node scripts/generate-config-schema.ts --check   fails and names the files that are not as they would be written
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXECUTABLE_OPTIONS_SCHEMA } from '../plugins/executable/options-schema.ts';
import { BYTE_SIZE } from '../src/adapters/yaml/byte-size.ts';
import { configJsonSchema, type JsonSchemaNode } from '../src/adapters/yaml/config-json-schema.ts';
import { DURATION } from '../src/adapters/yaml/duration.ts';

const root = join(import.meta.dirname, '..');
const schemaFile = 'config/shoal.schema.json';
const docsFile = 'docs/configuration.md';

const schema = configJsonSchema();
const wanted = new Map([
  [schemaFile, json(schema)],
  [docsFile, withTables(readFileSync(join(root, docsFile), 'utf8'))],
]);

for (const [file, text] of wanted) {
  const present = readIfThere(join(root, file));
  if (present === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file} does not match the schema; run node scripts/generate-config-schema.ts`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, file), text);
    console.log(`${file}: written`);
  }
}

/** Replaces what stands between the markers by the tables. */
function withTables(docs: string): string {
  const keys = sections()
    .map(({ title, rows }) => `### ${title}\n\n${table(rows)}`)
    .join('\n\n');
  const options = rowsOf(EXECUTABLE_OPTIONS_SCHEMA as JsonSchemaNode, 'options', requiredOf(EXECUTABLE_OPTIONS_SCHEMA));
  return between(between(docs, 'keys', keys), 'executable options', table(options));
}

function between(docs: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: generated, begin -->`, `<!-- ${name}: generated, end -->`];
  const [start, stop] = [docs.indexOf(begin), docs.indexOf(end)];
  if (start === -1 || stop === -1) throw new Error(`${docsFile} has no ${begin} … ${end}`);
  return `${docs.slice(0, start + begin.length)}\n\n${text}\n\n${docs.slice(stop)}`;
}

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** One table for each key of the top level that holds others, and one for those that do not. */
function sections(): { title: string; rows: Row[] }[] {
  const top = Object.entries(schema.properties ?? {});
  const holds = ([, node]: [string, JsonSchemaNode]) => node.properties !== undefined || node.items !== undefined;
  const rowsOfTop = (entries: [string, JsonSchemaNode][]) =>
    rowsOf({ properties: Object.fromEntries(entries) }, '', []);
  return [
    { title: 'Top level', rows: rowsOfTop(top.filter((entry) => !holds(entry))) },
    ...top.filter(holds).map((entry) => ({ title: `\`${entry[0]}\``, rows: rowsOfTop([entry]) })),
  ];
}

function rowsOf(node: JsonSchemaNode, path: string, required: readonly string[]): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, inner]) => {
    const key = path === '' ? name : `${path}.${name}`;
    const below = inner.items?.properties === undefined ? inner : inner.items;
    const innerKey = below === inner ? key : `${key}[]`;
    const row = {
      key,
      type: typeOf(inner),
      fallback: fallbackOf(inner, required.includes(name)),
      meaning: inner.description ?? '',
    };
    return [row, ...rowsOf(below, innerKey, requiredOf(below))];
  });
}

function requiredOf(node: object): readonly string[] {
  return 'required' in node && Array.isArray(node.required) ? node.required : [];
}

function typeOf(node: JsonSchemaNode): string {
  if (node.not !== undefined) return 'reserved';
  if (node.const !== undefined) return `only \`${node.const}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.pattern === DURATION.source) return 'duration';
  if (node.anyOf?.some(({ pattern }) => pattern === BYTE_SIZE.source) === true) return 'size';
  if (node.type === 'array') return `list of ${plural(typeOf(node.items ?? {}))}`;
  const names: Record<string, string> = {
    object: 'map',
    integer: 'whole number',
    string: 'text',
    boolean: 'true or false',
    'object,string': 'map or `none`',
  };
  return names[String(node.type)] ?? 'any';
}

function plural(type: string): string {
  return /^\w+$/.test(type) ? `${type}s` : type;
}

function fallbackOf({ default: value }: JsonSchemaNode, required: boolean): string {
  if (value === undefined) return required ? 'required' : '';
  return `\`${Array.isArray(value) ? `[${value.join(', ')}]` : typeof value === 'object' ? '{}' : value}\``;
}

/** Padded, as the formatter of the project writes tables. */
function table(rows: readonly Row[]): string {
  const cells = rows.map(({ key, type, fallback, meaning }) => [
    `\`${key}\``,
    type,
    fallback,
    meaning.replaceAll('|', '\\|'),
  ]);
  const head = ['key', 'type', 'default', 'meaning'];
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** As the formatter of the project writes JSON: a list of plain values takes one line where that is not too long. */
function json(value: unknown): string {
  const spread = JSON.stringify(value, null, 2);
  const text = spread.replace(/^( *.*)\[\n([^[\]{}]*)\n *\]/gm, (list, before: string, items: string) => {
    const line = `${before}[${items.trim().replace(/,\n */g, ', ')}]`;
    return line.length < 120 ? line : list;
  });
  return `${text}\n`;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
