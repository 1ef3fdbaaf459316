import { Console } from 'node:console';

/**
 * Sends what is written to the console to stderr, for the rest of this process. Results are written by the command itself; a
 * plugin that prints something while it is loaded must not get between them and whoever reads them as JSON.
 */
export function sendConsoleTo(stderr: NodeJS.WritableStream): void {
  Object.assign(console, new Console(stderr));
}
