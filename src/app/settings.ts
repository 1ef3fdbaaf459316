import type { LimitsConfig, ShoalConfig } from '../domain/configuration.ts';
import { ShoalError } from '../domain/shoal-error.ts';
import type { ConfigSource } from '../ports/config-source.ts';

/** Room that an envelope's own headers and the server's protocol need within one message. */
const MESSAGE_OVERHEAD_BYTES = 8 * 1024;

/** The rest of a simulation's record: labels, messages, where it runs. */
const RECORD_OVERHEAD_BYTES = 64 * 1024;

/** The present configuration, with what only the running daemon knows worked in. Asked anew each time: nothing keeps its values. */
export class Settings {
  /** Absolute; relative names in the configuration are relative to it. */
  readonly baseDirectory: string;
  readonly #source: ConfigSource;
  #maxMessageBytes = (): number => Number.POSITIVE_INFINITY;
  #lowered: { readonly from: LimitsConfig; readonly limits: LimitsConfig } | undefined;

  constructor(source: ConfigSource, baseDirectory: string) {
    this.#source = source;
    this.baseDirectory = baseDirectory;
  }

  get config(): ShoalConfig {
    return this.#source.current().config;
  }

  limits = (): LimitsConfig => {
    const { limits } = this.config;
    const maxEventBytes = Math.min(limits.maxEventBytes, this.#maxMessageBytes() - MESSAGE_OVERHEAD_BYTES);
    const maxRunConfigBytes = Math.min(limits.maxRunConfigBytes, this.#mostRunConfigBytes());
    if (maxEventBytes === limits.maxEventBytes && maxRunConfigBytes === limits.maxRunConfigBytes) return limits;
    const { from, limits: lowered } = this.#lowered ?? {};
    const isSame = lowered?.maxEventBytes === maxEventBytes && lowered.maxRunConfigBytes === maxRunConfigBytes;
    if (lowered !== undefined && from === limits && isSame) return lowered;
    const now = { ...limits, maxEventBytes, maxRunConfigBytes };
    this.#lowered = { from: limits, limits: now };
    return now;
  };

  /** A record is one message where the registry is at the server, with the configuration in base64. */
  #mostRunConfigBytes(): number {
    if (this.config.registry.store === 'local') return Number.POSITIVE_INFINITY;
    return Math.floor(Math.max(MESSAGE_OVERHEAD_BYTES, this.#maxMessageBytes() - RECORD_OVERHEAD_BYTES) * (3 / 4));
  }

  /**
   * @param maxMessageBytes largest message that the messaging adapter takes now; another after a reconnect
   * @throws ShoalError CONFIG_INVALID when the server takes no message of a useful size
   */
  useMaxMessageBytes(maxMessageBytes: () => number): void {
    const bytes = maxMessageBytes();
    if (bytes <= 2 * MESSAGE_OVERHEAD_BYTES) {
      throw new ShoalError(
        'CONFIG_INVALID',
        `the NATS server's max_payload of ${bytes} bytes is too small; raise it to at least 64 KiB`,
      );
    }
    this.#maxMessageBytes = maxMessageBytes;
  }
}
