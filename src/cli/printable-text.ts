import { printable } from '../adapters/yaml/config-path.ts';

/** Text of several lines; within a line nothing can steer a terminal. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** A line that a worker wrote: its tabs are harmless and stay. */
export function printableOutput(line: string): string {
  return line.split('\t').map(printable).join('\t');
}

/** JSON or YAML whose strings are escaped already, but for what the formats allow and a terminal would obey or hide. */
export function escapeUnsafe(text: string): string {
  return text.replace(/[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
