import { type Logger, pino, stdTimeFunctions } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { LogLevel } from '../../domain/configuration.ts';
import type { Log, LogFields } from '../../ports/log.ts';

export interface PinoLogOptions {
  readonly level: LogLevel;
  /** `auto`: pretty on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'json' | 'pretty';
}

/** Where log lines go: results are on stdout, everything else on stderr. */
const STDERR = 2;

/** JSON lines on stderr, or readable ones on a terminal. */
export function pinoLog({ level, format }: PinoLogOptions): Log {
  const pretty = format === 'pretty' || (format === 'auto' && process.stderr.isTTY === true);
  const options = { level, base: null, timestamp: stdTimeFunctions.isoTime, redact: ['token', '*.token'] };
  const destination = pretty
    ? PinoPretty({ destination: STDERR, sync: true, singleLine: true, ignore: 'pid,hostname' })
    : pino.destination({ dest: STDERR, sync: true });
  return new PinoLog(pino(options, destination));
}

class PinoLog implements Log {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  debug(fields: LogFields, message: string): void {
    this.#logger.debug(fields, message);
  }

  info(fields: LogFields, message: string): void {
    this.#logger.info(fields, message);
  }

  warn(fields: LogFields, message: string): void {
    this.#logger.warn(fields, message);
  }

  error(fields: LogFields, message: string): void {
    this.#logger.error(fields, message);
  }

  child(fields: LogFields): Log {
    return new PinoLog(this.#logger.child(fields));
  }
}
