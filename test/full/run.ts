/**
 * What takes longer than `npm test` may, or needs more of the machine: the contract suite on the oldest nats-server that is
 * supported and on a current one, long rounds, and what needs a Docker engine.
 *
 *   npm run test:full
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { dockerEngine } from '../support/docker-engine.ts';
import { natsServerFrom } from '../support/find-nats-server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const failed: string[] = [];

/** The report is for `.ci/run`, which counts the tests of all of them. */
async function vitest(name: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  console.log(`\n--- ${name}`);
  const report = `.cache/test-report-${name.replaceAll(/[^a-z0-9.]+/gi, '-')}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args, ...reporters], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) failed.push(name);
}

for (const source of ['apt', 'go'] as const) {
  try {
    const { path, version } = await natsServerFrom(source);
    const suite = ['--project', 'contract', 'test/contract/messaging'];
    await vitest(`contract on nats-server ${version}`, suite, { NATS_SERVER_BIN: path });
  } catch (error) {
    const needed = { apt: "Debian's apt-get, for the oldest server", go: 'Go (https://go.dev), for a current server' };
    console.log(`\n--- no nats-server by ${source}: ${(error as Error).message}; install ${needed[source]}`);
    failed.push(`nats-server by ${source}`);
  }
}

const FULL = { SHOAL_TEST_FULL: '1' };
await vitest('long rounds', ['--project', 'full', 'test/full/long'], FULL);

const engine = await dockerEngine().catch((error: Error) => error);
if (engine instanceof Error) {
  console.log(`\n--- containers: left out, there is no Docker engine: ${engine.message}`);
} else {
  console.log(`\nDocker engine: ${engine.source}`);
  try {
    const environment = {
      ...FULL,
      DOCKER_HOST: engine.host,
      TESTCONTAINERS_RYUK_DISABLED: 'true',
    };
    await vitest('containers', ['--project', 'full', 'test/full/containers'], environment);
  } finally {
    await engine[Symbol.asyncDispose]();
  }
}

if (failed.length > 0) console.log(`\nfailed: ${failed.join('; ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
