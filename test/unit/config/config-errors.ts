import { ConfigInvalidError } from '../../../src/adapters/yaml/config-problem.ts';
import { type LoadOptions, parseConfig } from '../../../src/adapters/yaml/load-config.ts';

/** The error of a text that must be refused; anything but CONFIG_INVALID fails the test. */
export function refusal(text: string, options: Omit<LoadOptions, 'file'> = {}): ConfigInvalidError {
  try {
    parseConfig(text, 'shoal.yaml', options);
  } catch (thrown) {
    if (thrown instanceof ConfigInvalidError) return thrown;
    throw thrown;
  }
  throw new Error(`accepted, but should have been refused:\n${text.slice(0, 400)}`);
}

/** Its lines, each without the file's name. */
export function problemLines(text: string, options: Omit<LoadOptions, 'file'> = {}): string[] {
  return refusal(text, options)
    .message.split('\n')
    .map((line) => line.replace(/^shoal\.yaml:/, ''));
}
