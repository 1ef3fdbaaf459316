import { InvalidArgumentError } from 'commander';
import type { EventQuality } from '../adapters/grpc/generated/fes/orchestration/v1/EventQuality.ts';
import { parseDuration } from '../adapters/yaml/duration.ts';
import { parseListenAddress } from '../adapters/yaml/listen-address.ts';
import { suggestion } from '../adapters/yaml/suggestion.ts';
import { SIMULATION_STATES, type SimulationState } from '../domain/simulation/simulation-state.ts';

/** How the values of flags are read; each throws commander's InvalidArgumentError, which ends the command with 2. */

/** In ms, from `500ms`, `10s`, `1m30`-less spellings: a whole number and its unit, as in the configuration. */
export function durationValue(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new InvalidArgumentError('Expected a whole number and its unit, such as 500ms, 10s or 2m.');
  return ms;
}

const MAX_UINT64 = 2n ** 64n - 1n;

/** A uint64 as the text that protobuf takes: a JavaScript number would round it. */
export function uint64Value(text: string): string {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > MAX_UINT64) {
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${MAX_UINT64}.`);
  }
  return text;
}

/** A number of lines. */
export function countValue(text: string): number {
  const count = Number(text);
  if (!/^\d{1,9}$/.test(text) || count < 1) throw new InvalidArgumentError('Expected a whole number, at least 1.');
  return count;
}

const MAX_RESTARTS = 100;

/** A number of restarts. */
export function restartsValue(text: string): number {
  const count = Number(text);
  if (!/^\d{1,3}$/.test(text) || count > MAX_RESTARTS)
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${MAX_RESTARTS}.`);
  return count;
}

export function addressValue(text: string): string {
  const address = parseListenAddress(text);
  if (address === undefined || address.port === 0) {
    throw new InvalidArgumentError('Expected HOST:PORT, such as 127.0.0.1:50050 or [::1]:50050.');
  }
  return text;
}

/** For flags that may be repeated: `key=value` pairs in the order in which they were given. */
export function collectPairs(text: string, before: readonly [string, string][] = []): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected KEY=VALUE.');
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}

export function collectTexts(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** `running,paused`, in any case; may be repeated. */
export function collectStates(text: string, before: readonly SimulationState[] = []): SimulationState[] {
  const known = SIMULATION_STATES.map((state) => state.toLowerCase());
  const named = text.split(',').map((name) => {
    const state = SIMULATION_STATES.find((each) => each === name.trim().toUpperCase());
    if (state === undefined) {
      throw new InvalidArgumentError(
        `Expected one or more of ${known.join(', ')}${suggestion(name.trim(), known) || '.'}`,
      );
    }
    return state;
  });
  return [...before, ...named];
}

const AMOUNT = /^(?:(all)|(latest)|(\d+(?:\.\d+)?) ?hz)$/i;

/** `sim.>=10hz`: the key may have wildcards; may be repeated. */
export function collectQualities(text: string, before: readonly EventQuality[] = []): readonly EventQuality[] {
  const at = text.lastIndexOf('=');
  const [, all, latest, rate] = AMOUNT.exec(text.slice(at + 1)) ?? [];
  const maxRateHz = Number(rate ?? 0);
  if (at < 1 || (all ?? latest ?? rate) === undefined || (rate !== undefined && maxRateHz === 0))
    throw new InvalidArgumentError("Expected key=all, key=latest or key=RATEhz, such as 'sim.world_state.v1=5hz'.");
  return [...before, { eventTypeKeys: [text.slice(0, at)], latestOnly: latest !== undefined, maxRateHz }];
}
