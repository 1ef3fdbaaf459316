import type { JsonValue } from '@bufbuild/protobuf';
import { toYaml } from '../adapters/yaml/yaml-text.ts';
import type { CliHost } from './cli-host.ts';
import { escapeUnsafe } from './printable-text.ts';

export const OUTPUT_FORMATS = ['table', 'json', 'jsonl', 'yaml'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** One result in all its forms, each made only when it is asked for. */
export interface Result {
  /** For people; without the last line end. Empty: nothing at all. */
  text(): string;
  /** The message as proto3 JSON. */
  json(): JsonValue;
  /** What stands on lines of their own in `jsonl`, where that is not the message as a whole. */
  items?(): readonly JsonValue[];
}

/** Prints a result to stdout. */
export function printResult(host: CliHost, format: OutputFormat, result: Result): void {
  write(host, rendered(format, result));
}

/** Prints one of many: `json` and `jsonl` are values one after the other, `yaml` documents. */
export function printStreamed(host: CliHost, format: OutputFormat, result: Result): void {
  write(host, format === 'yaml' ? `---\n${rendered(format, result)}` : rendered(format, result));
}

function rendered(format: OutputFormat, result: Result): string {
  switch (format) {
    case 'table':
      return result.text();
    case 'json':
      return escapeUnsafe(JSON.stringify(result.json(), undefined, 2));
    case 'jsonl':
      return (result.items?.() ?? [result.json()]).map((item) => escapeUnsafe(JSON.stringify(item))).join('\n');
    case 'yaml':
      return toYaml(result.json());
  }
}

function write(host: CliHost, text: string): void {
  if (text !== '') host.stdout.write(`${text}\n`);
}
