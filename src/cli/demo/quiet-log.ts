import type { Log, LogFields } from '../../ports/log.ts';

const MAX_KEPT = 20;

/** Keeps the last warnings and errors, to be shown if the demo fails, and is silent. */
export class QuietLog implements Log {
  readonly #kept: string[];

  constructor(kept: string[] = []) {
    this.#kept = kept;
  }

  get lines(): readonly string[] {
    return this.#kept;
  }

  debug(): void {}
  info(): void {}

  warn(fields: LogFields, message: string): void {
    this.#keep('warning', fields, message);
  }

  error(fields: LogFields, message: string): void {
    this.#keep('error', fields, message);
  }

  child(): Log {
    return new QuietLog(this.#kept);
  }

  #keep(level: string, fields: LogFields, message: string): void {
    const facts = Object.entries(fields).map(
      ([name, value]) => `${name}=${value instanceof Error ? value.message : value}`,
    );
    this.#kept.push([`${level}: ${message}`, ...facts].join(' '));
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
  }
}
