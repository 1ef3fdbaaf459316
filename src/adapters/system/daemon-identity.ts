import { randomBytes } from 'node:crypto';
import { isId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { isOpenToOthers, readIfPresent, writePrivately } from './private-file.ts';
import { letters } from './random-ids.ts';

const KEY_BYTES = 32;
const KEY_FILE = 'token.key';
const ID_FILE = 'orchestrator_id';

export interface DaemonIdentityOptions {
  /** Where a file of this name lies in the data folder, which this daemon holds. */
  readonly file: (name: string) => string;
  /** `orchestrator_id` of the configuration; wins over the one that is kept. */
  readonly configuredId?: string | undefined;
}

/**
 * What makes the next daemon on a data folder the same orchestrator: its id, and the key from which the tokens of workers are
 * derived (ADR 0015). Both are made at the first start.
 */
export class DaemonIdentity implements ManagedPart {
  readonly name = 'identity';
  readonly #options: DaemonIdentityOptions;
  #tokenKey: Uint8Array = new Uint8Array();
  #orchestratorId = '';

  constructor(options: DaemonIdentityOptions) {
    this.#options = options;
  }

  /** Empty before {@link start}. */
  get tokenKey(): Uint8Array {
    return this.#tokenKey;
  }

  /** Empty before {@link start}. */
  get orchestratorId(): string {
    return this.#orchestratorId;
  }

  /** @throws ShoalError DATA_DIR_UNUSABLE for a file that is damaged or cannot be read or written */
  async start(): Promise<void> {
    this.#tokenKey = this.#kept(KEY_FILE, () => randomBytes(KEY_BYTES).toString('base64url'), parseKey);
    const { configuredId } = this.#options;
    this.#orchestratorId = configuredId ?? this.#kept(ID_FILE, () => `shoal-${letters(8)}`, parseOrchestratorId);
  }

  async stop(): Promise<void> {}

  #kept<Value>(name: string, make: () => string, parse: (text: string) => Value | undefined): Value {
    const file = this.#options.file(name);
    try {
      const kept = readIfPresent(file);
      const text = kept ?? make();
      if (kept === undefined) writePrivately(file, `${text}\n`);
      const value = parse(text.trim());
      if (value === undefined) throw damaged(file);
      if (name === KEY_FILE && isOpenToOthers(file)) throw exposed(file);
      return value;
    } catch (thrown) {
      if (thrown instanceof ShoalError) throw thrown;
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new ShoalError('DATA_DIR_UNUSABLE', `data_dir: ${file} cannot be read or written: ${why}`, {
        cause: thrown,
      });
    }
  }
}

function parseKey(text: string): Uint8Array | undefined {
  const key = Buffer.from(text, 'base64url');
  return key.length === KEY_BYTES && key.toString('base64url') === text ? key : undefined;
}

function parseOrchestratorId(text: string): string | undefined {
  return isId(text) ? text : undefined;
}

function damaged(file: string): ShoalError {
  return new ShoalError(
    'DATA_DIR_UNUSABLE',
    `data_dir: ${file} is damaged; restore it, or remove it: then a new one is made, and workers of the daemon before are refused`,
    { metadata: { file } },
  );
}

function exposed(file: string): ShoalError {
  return new ShoalError(
    'DATA_DIR_UNUSABLE',
    `data_dir: ${file} can be read by others, who could speak as any worker; chmod 600 it, or remove it: then a new one is made`,
    { metadata: { file } },
  );
}
