import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { lookUpNatsServer } from '../../adapters/nats/nats-server-binary.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import { OLDEST_NATS_SERVER } from './nats-probe.ts';
import { isAtLeast } from './version-order.ts';

const VERSION_MS = 5_000;

/** A nats-server of this machine that can be started, or why there is none. */
export type NatsServerProbe =
  | { readonly found: string; readonly trouble?: undefined }
  | { readonly trouble: string; readonly isMisnamed: boolean };

export async function probeNatsServer(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<NatsServerProbe> {
  try {
    const program = lookUpNatsServer(environment);
    if (program === undefined) return trouble('none is found, by NATS_SERVER_BIN or in PATH');
    const { stdout } = await promisify(execFile)(program.path, ['--version'], { timeout: VERSION_MS });
    const [version] = /\d+\.\d+\.\d+/.exec(stdout) ?? [];
    if (version === undefined) return trouble(`${program.path} tells no version`);
    const found = `${version} at ${program.path} (${program.source})`;
    return isAtLeast(version, OLDEST_NATS_SERVER) ? { found } : trouble(`${found} is older than ${OLDEST_NATS_SERVER}`);
  } catch (thrown) {
    if (thrown instanceof ShoalError) return { trouble: thrown.message, isMisnamed: true };
    return trouble(`cannot be run: ${(thrown as Error).message.trim()}`);
  }
}

function trouble(text: string): NatsServerProbe {
  return { trouble: text, isMisnamed: false };
}
