/** Structured logging: a constant lower-case message, the data in fields. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Log;
}

/** `err` holds what was thrown; ids are `simulationId`, `workerId`; durations end in `Ms`. */
export type LogFields = Readonly<Record<string, unknown>>;
