import { delimiter, dirname } from 'node:path';
import { runProgram } from '../run-program.ts';

/** The oldest Go that examples/clients/go takes. */
const OLDEST = [1, 26] as const;

/** Where Go's own installer puts it, which a PATH may lack. */
const CANDIDATES = ['go', '/usr/local/go/bin/go'];

const ADVICE = `these tests need Go ${OLDEST.join('.')} or later: install it from https://go.dev/doc/install, and put it in PATH`;

export interface GoToolchain {
  readonly path: string;
  /** `1.26.8` */
  readonly version: string;
  /** With which programs that run `go` find this one. */
  readonly env: Readonly<Record<string, string>>;
}

/** @throws Error that says what was found and what to install */
export async function findGo(): Promise<GoToolchain> {
  const old: string[] = [];
  for (const path of CANDIDATES) {
    const version = await versionOf(path);
    if (version === undefined) continue;
    if (isRecent(version)) return { path, version, env: environmentOf(path) };
    old.push(`${path} is ${version}`);
  }
  throw new Error([ADVICE, ...old].join('; '));
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await runProgram(path, ['env', 'GOVERSION'], { cwd: '.' });
    return /go(\d+\.\d+\S*)/.exec(stdout)?.[1];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function environmentOf(path: string): Record<string, string> {
  const { PATH = '' } = process.env;
  return path === 'go' ? {} : { PATH: `${dirname(path)}${delimiter}${PATH}` };
}
