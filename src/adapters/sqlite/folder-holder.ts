import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who holds a data folder, as `daemon.json` in it says. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** RFC 3339. */
  readonly started_at: string;
  readonly version: string;
  /** Where it listens; empty until it is ready. */
  readonly addresses: { readonly clients?: string; readonly workers?: string; readonly http?: string };
}

const FILE = 'daemon.json';

export function writeHolder(folder: string, version: string, addresses: Holder['addresses']): void {
  const startedAtMs = Math.round(performance.timeOrigin);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    started_at: new Date(startedAtMs).toISOString(),
    version,
    addresses,
  };
  const file = join(folder, FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(holder, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeHolder(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}

/** In words; undefined where the note is missing or makes no sense. */
export function readHolder(folder: string): string | undefined {
  try {
    const { pid, host, started_at, version, addresses } = JSON.parse(
      readFileSync(join(folder, FILE), 'utf8'),
    ) as Holder;
    if (!Number.isInteger(pid)) return undefined;
    const where = addresses.clients === undefined ? '' : `, clients reach it at ${addresses.clients}`;
    return `the Shoal ${version} daemon with pid ${pid} on ${host}, running since ${started_at}${where}`;
  } catch {
    return undefined;
  }
}
