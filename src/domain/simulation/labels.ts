import { quote } from '../ids.ts';
import { invalidArgument } from '../shoal-error.ts';

export type Labels = Readonly<Record<string, string>>;

/** A DNS name of at most 253 characters and a slash, which may be left out, and a name of at most 63. */
const KEY =
  /^(?:(?=.{1,253}\/)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

export function isLabelKey(text: string): boolean {
  return KEY.test(text);
}

export function isLabelValue(text: string): boolean {
  return VALUE.test(text);
}

/** Labels have the syntax of Kubernetes labels. @throws ShoalError INVALID_ARGUMENT that names the label */
export function parseLabels(labels: Labels, maxLabels: number): Labels {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels) {
    throw invalidArgument('labels', `${entries.length} labels; limits.max_labels allows ${maxLabels}`);
  }
  for (const [key, value] of entries) {
    if (!isLabelKey(key)) {
      throw invalidArgument(
        'labels',
        `the key ${quote(key)} must be [prefix/]name of A-Z a-z 0-9 - _ . as in Kubernetes`,
      );
    }
    if (!isLabelValue(value)) {
      throw invalidArgument(`labels.${key}`, `${quote(value)} must be empty or at most 63 of A-Z a-z 0-9 - _ .`);
    }
  }
  return Object.fromEntries(entries);
}
