import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { lookUpNatsServer, type NatsServerBinary } from '../../src/adapters/nats/nats-server-binary.ts';
import { fetchByApt, fetchByContainer, fetchByGo } from './fetch-nats-server.ts';

const run = promisify(execFile);

const CACHE = fileURLToPath(new URL('../../.cache/nats-server/', import.meta.url));

/** In this order, behind what the machine has already. Each puts an executable where it is told, or throws. */
const SOURCES = [
  { name: 'Debian package', folder: 'apt', fetch: fetchByApt },
  { name: 'go install', folder: 'go', fetch: fetchByGo },
  { name: 'container image', folder: 'container', fetch: fetchByContainer },
] as const;

type Source = (typeof SOURCES)[number];

export interface FoundNatsServer extends NatsServerBinary {
  /** `2.9.10` */
  readonly version: string;
}

/**
 * Finds a real nats-server or gets one, without installing anything: what was fetched stays in `.cache/`, which git
 * ignores, for the next run.
 *
 * @throws Error that names everything tried and how to get a server
 */
export async function findNatsServer(): Promise<FoundNatsServer> {
  const present = lookUpNatsServer(process.env);
  if (present !== undefined) return { ...present, version: await versionOf(present.path) };
  for (const source of SOURCES) {
    const found = await cached(source);
    if (found !== undefined) return found;
  }
  const failures: string[] = [];
  for (const source of SOURCES) {
    try {
      return await fetched(source);
    } catch (error) {
      failures.push(`  - ${source.name}: ${firstLine(error)}`);
    }
  }
  throw new Error(noServer(failures));
}

/** Of the one source, whatever else the machine has. @throws Error when it cannot be had from there */
export async function natsServerFrom(folder: 'apt' | 'go'): Promise<FoundNatsServer> {
  const source = SOURCES.find((each) => each.folder === folder) as Source;
  return (await cached(source)) ?? (await fetched(source));
}

async function cached({ name, folder }: Source): Promise<FoundNatsServer | undefined> {
  const path = join(CACHE, folder, 'nats-server');
  return existsSync(path) ? { path, source: `${name}, cached`, version: await versionOf(path) } : undefined;
}

async function fetched({ name, folder, fetch }: Source): Promise<FoundNatsServer> {
  const path = await fetchInto(join(CACHE, folder), fetch);
  return { path, source: name, version: await versionOf(path) };
}

/** Fetched beside its place and renamed into it, so that runs at the same time do not meet a half of it. */
async function fetchInto(folder: string, fetch: (folder: string) => Promise<string>): Promise<string> {
  const scratch = `${folder}.${process.pid}`;
  await mkdir(scratch, { recursive: true });
  try {
    const fetched = await fetch(scratch);
    await versionOf(fetched);
    const path = join(folder, 'nats-server');
    await mkdir(folder, { recursive: true });
    await rename(fetched, path);
    return path;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function versionOf(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
  return /v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? stdout.trim();
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const text = `${message ?? String(error)} ${stderr ?? ''}`.trim();
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}

function noServer(failures: readonly string[]): string {
  return [
    'These tests need a real nats-server, and none could be found or fetched. Tried:',
    '  - NATS_SERVER_BIN: not set',
    '  - PATH: no nats-server in it',
    ...failures,
    'Get one from https://nats.io/download and put it in PATH, or set NATS_SERVER_BIN to the executable.',
  ].join('\n');
}
