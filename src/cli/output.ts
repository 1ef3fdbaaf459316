import type { JsonValue } from '@bufbuild/protobuf';
import type { CliHost } from './cli-host.ts';
import { escapeUnsafe } from './printable-text.ts';

export const OUTPUT_FORMATS = ['table', 'json', 'jsonl', 'yaml'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** One result in all its forms, each made only when it is asked for. */
export interface Result {
  /** For people; without the last line end. Empty: nothing at all. */
  text(): string;
  /** The message as proto3 JSON. */
  json(): JsonValue | Promise<JsonValue>;
  /** What stands on lines of their own in `jsonl`, where that is not the message as a whole. */
  items?(): readonly JsonValue[] | Promise<readonly JsonValue[]>;
}

/** Prints a result to stdout. */
export async function printResult(host: CliHost, format: OutputFormat, result: Result): Promise<void> {
  write(host, await rendered(format, result));
}

/** Prints one of many: `json` and `jsonl` are values one after the other, `yaml` documents. */
export async function printStreamed(host: CliHost, format: OutputFormat, result: Result): Promise<void> {
  const text = await rendered(format, result);
  write(host, format === 'yaml' ? `---\n${text}` : text);
}

/** What most commands do not need is loaded when it is: a command that answers at once feels right. */
async function rendered(format: OutputFormat, result: Result): Promise<string> {
  switch (format) {
    case 'table':
      return result.text();
    case 'json':
      return escapeUnsafe(JSON.stringify(await result.json(), undefined, 2));
    case 'jsonl':
      return ((await result.items?.()) ?? [await result.json()])
        .map((item) => escapeUnsafe(JSON.stringify(item)))
        .join('\n');
    case 'yaml':
      return (await import('../adapters/yaml/yaml-text.ts')).toYaml(await result.json());
  }
}

function write(host: CliHost, text: string): void {
  if (text !== '') host.stdout.write(`${text}\n`);
}
