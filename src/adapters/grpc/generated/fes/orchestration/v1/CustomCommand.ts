// Original file: proto/fes/orchestration/v1/command.proto


/**
 * Any other command that a worker type understands; its envelope has `command_key` as its key and the payload and the
 * content type raw. Allowed in RUNNING and PAUSED.
 */
export interface CustomCommand {
  /**
   * The `event_type_key` of the envelope; must not begin with `orchestrator.`, `worker.` or `ai.`.
   */
  'commandKey'?: (string) | undefined;
  /**
   * The payload of the envelope, opaque to Shoal.
   */
  'payload'?: (Buffer | Uint8Array | string) | undefined;
  /**
   * How to read the payload, as a media type.
   */
  'contentType'?: (string) | undefined;
}

/**
 * Any other command that a worker type understands; its envelope has `command_key` as its key and the payload and the
 * content type raw. Allowed in RUNNING and PAUSED.
 */
export interface CustomCommandOutput {
  /**
   * The `event_type_key` of the envelope; must not begin with `orchestrator.`, `worker.` or `ai.`.
   */
  'commandKey': (string);
  /**
   * The payload of the envelope, opaque to Shoal.
   */
  'payload': (Buffer);
  /**
   * How to read the payload, as a media type.
   */
  'contentType': (string);
}
