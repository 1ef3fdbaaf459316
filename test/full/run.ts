/**
 * What takes longer than `npm test` may, or needs more of the machine: stages.ts names the parts. Names of stages as
 * arguments run these alone.
 *
 *   npm run test:full [-- rust python]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { dockerEngine } from '../support/docker-engine.ts';
import { natsServerFrom } from '../support/find-nats-server.ts';
import { containersStage, diskStage, fullStages, serversStage } from './stages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const failed: string[] = [];
const leftOut: string[] = [];

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

/** The contract suite on each of the servers. */
async function onServers(): Promise<void> {
  for (const source of ['apt', 'go'] as const) {
    try {
      const { path, version } = await natsServerFrom(source);
      const suite = ['--project', 'contract', 'test/contract/messaging'];
      await vitest(`${serversStage.name} on nats-server ${version}`, suite, { NATS_SERVER_BIN: path });
    } catch (error) {
      const needed = {
        apt: "Debian's apt-get, for the oldest server",
        go: 'Go (https://go.dev), for a current server',
      };
      console.log(`\n--- no nats-server by ${source}: ${(error as Error).message}; install ${needed[source]}`);
      failed.push(`nats-server by ${source}`);
    }
  }
}

async function inFolder(name: string, environment: NodeJS.ProcessEnv = {}): Promise<void> {
  await vitest(name, ['--project', 'full', `test/full/${name}`], { SHOAL_TEST_FULL: '1', ...environment });
}

async function withDocker(): Promise<void> {
  const engine = await dockerEngine().catch((error: Error) => error);
  if (engine instanceof Error) {
    console.log(`\n--- no Docker engine: ${engine.message}; install Docker (Debian: apt-get install docker.io)`);
    failed.push(containersStage.name);
    return;
  }
  console.log(`\nDocker engine: ${engine.source}`);
  try {
    await inFolder(containersStage.name, { DOCKER_HOST: engine.host, TESTCONTAINERS_RYUK_DISABLED: 'true' });
  } finally {
    await engine[Symbol.asyncDispose]();
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !fullStages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`no stage ${unknown.join(', ')}; there are ${fullStages.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
} else {
  for (const stage of fullStages) {
    if (wanted.length > 0 && !wanted.includes(stage.name)) continue;
    const startedMs = performance.now();
    if (stage === serversStage) await onServers();
    else if (stage === containersStage) await withDocker();
    else if (stage === diskStage && process.env['SHOAL_TEST_UNPRIVILEGED'] !== undefined) leftOut.push(stage.name);
    else await inFolder(stage.name);
    console.log(`--- ${stage.name} took ${Math.round((performance.now() - startedMs) / 1_000)} s`);
  }
  if (leftOut.length > 0) console.log(`\nleft out, for SHOAL_TEST_UNPRIVILEGED is set: ${leftOut.join('; ')}`);
  if (failed.length > 0) console.log(`\nfailed: ${failed.join('; ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
