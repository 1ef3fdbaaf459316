const MAX_LINES = 100_000;

/** What happened, line by line, when somebody wants to read it; a number that stands for all of it in any case. */
export class Trace {
  readonly lines: string[] = [];
  readonly #keepsLines: boolean;
  readonly #nowMs: () => number;
  #digest = 0;

  constructor(keepsLines: boolean, nowMs: () => number) {
    this.#keepsLines = keepsLines;
    this.#nowMs = nowMs;
  }

  /** Equal for runs in which the same happened at the same times. */
  get digest(): number {
    return this.#digest >>> 0;
  }

  /** @param what constant words; @param of whom or what it is about */
  note(who: string, what: string, of: string | number = ''): void {
    this.#mix(who);
    this.#mix(what);
    this.#mix(String(of));
    this.#digest = (Math.imul(this.#digest, 31) + this.#nowMs()) | 0;
    if (!this.#keepsLines || this.lines.length >= MAX_LINES) return;
    const time = (this.#nowMs() / 1_000).toFixed(3).padStart(8);
    this.lines.push(`${time}  ${who.padEnd(12)} ${what}${of === '' ? '' : ` ${of}`}`);
  }

  #mix(text: string): void {
    let digest = this.#digest;
    for (let at = 0; at < text.length; at += 1) digest = (Math.imul(digest, 31) + text.charCodeAt(at)) | 0;
    this.#digest = digest;
  }
}
