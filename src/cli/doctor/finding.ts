/** One line of `shoal doctor`. */
export interface Finding {
  /** What was looked at: a key of the configuration, or a word. */
  readonly name: string;
  /** `warn`: the daemon runs, but something that somebody may want does not. `fail`: it does not, or not as configured. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly message: string;
  /** What to do; empty when all is well. */
  readonly cure: string;
}

export function ok(name: string, message: string): Finding {
  return { name, status: 'ok', message, cure: '' };
}

export function warn(name: string, message: string, cure: string): Finding {
  return { name, status: 'warn', message, cure };
}

/** For an error that says what to do behind its first semicolon, as those of this project do. */
export function failWith(name: string, error: string, otherwise: string): Finding {
  const [message = '', ...cures] = error.split('; ');
  return fail(name, message, cures.join('; ') || otherwise);
}

export function fail(name: string, message: string, cure: string): Finding {
  return { name, status: 'fail', message, cure };
}
