/** Why a worker type is unavailable; the message says what to do. Never leaves the catalogue. */
export class PluginProblem extends Error {
  override readonly name = 'PluginProblem';

  /** @param cause what the plugin threw, for the log */
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

const MAX_MESSAGE_LENGTH = 500;

/** The message of whatever a plugin threw, in one bounded line. */
export function messageOf(thrown: unknown): string {
  let text: string;
  try {
    text = thrown instanceof Error && thrown.message !== '' ? thrown.message : String(thrown);
  } catch {
    text = 'something that cannot be shown';
  }
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
}
