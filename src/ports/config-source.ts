import type { ShoalConfig } from '../domain/configuration.ts';

/** An immutable configuration and its number; a reload makes a new snapshot, and nothing keeps values of an old one. */
export interface ConfigSnapshot {
  readonly version: number;
  readonly config: ShoalConfig;
}

export interface ConfigSource {
  current(): ConfigSnapshot;
}
