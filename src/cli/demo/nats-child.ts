import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lookUpNatsServer } from '../../adapters/nats/nats-server-binary.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';

const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 5_000;

const HOW_TO_GET_ONE = `Get one, then try again:
  apt-get install nats-server                            Debian, Ubuntu
  brew install nats-server                               macOS
  go install github.com/nats-io/nats-server/v2@latest    with Go
  https://nats.io/download                               everything else
or set NATS_SERVER_BIN to an executable that is somewhere else.`;

/** A nats-server with JetStream, on a free port of this machine, its store in the given folder. */
export class NatsChild {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** @throws CliError that says how to get a server, or why it did not start */
  static async start(folder: string, environment: Readonly<Record<string, string | undefined>>): Promise<NatsChild> {
    const found = lookUpNatsServer(environment);
    if (found === undefined) {
      throw new CliError(EXIT.failed, 'found no nats-server, by NATS_SERVER_BIN or in PATH', { hint: HOW_TO_GET_ONE });
    }
    const log = join(folder, 'nats.log');
    const address = ['-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', folder];
    // A process group of its own: Ctrl-C must not end the server before the daemon has said goodbye.
    const child = spawn(found.path, [...address, '-js', '-sd', join(folder, 'nats'), '-l', log], {
      stdio: 'ignore',
      detached: true,
    });
    const spawned = await Promise.race([once(child, 'spawn'), once(child, 'error')]);
    const [failure] = spawned as [Error?];
    if (failure !== undefined) throw new CliError(EXIT.failed, `${found.path} cannot be run: ${failure.message}`);
    const url = await urlOf(child, folder);
    if (url !== undefined) return new NatsChild(child, url);
    child.kill('SIGKILL');
    const said = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join('\n');
    throw new CliError(EXIT.failed, `${found.path} did not start: ${said}`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }
}

/** The server tells which port it took in a file named after its pid; undefined when it ends, or takes too long. */
async function urlOf(child: ChildProcess, folder: string): Promise<string | undefined> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const file = (await readdir(folder)).find((name) => name.endsWith(`_${child.pid}.ports`));
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
    const port = /"nats:\/\/[^"]*:(\d+)"/.exec(text)?.[1];
    if (port !== undefined) return `nats://127.0.0.1:${port}`;
    await delay(20);
  }
  return undefined;
}
