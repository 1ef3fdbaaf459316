import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType } from '../../support/daemon/puppet.ts';

const BUF = fileURLToPath(new URL('../../../node_modules/.bin/buf', import.meta.url));
const PROTOCOLS = ['grpc-v1', 'grpc-v1alpha'] as const;
const REFLECTION = ['grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection'];
const CLIENT_SERVICES = [
  'fes.orchestration.v1.OrchestratorAdminService',
  'fes.orchestration.v1.OrchestratorClientService',
  'grpc.health.v1.Health',
  ...REFLECTION,
];
const WORKER_SERVICES = ['fes.orchestration.v1.OrchestratorWorkerService', 'grpc.health.v1.Health', ...REFLECTION];

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** A reflection client that nobody here wrote. */
async function bufCurl(path: string, ...options: string[]): Promise<string> {
  const args = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...options, `http://${path}`];
  const { stdout } = await promisify(execFile)(BUF, args, { timeout: 30_000 });
  return stdout.trim();
}

describe.each(PROTOCOLS)('buf curl by reflection %s', (protocol) => {
  const reflect = ['--reflect-protocol', protocol];

  test.each([
    ['clients', CLIENT_SERVICES],
    ['workers', WORKER_SERVICES],
  ] as const)('lists the services at the address for %s', async (which, services) => {
    const listed = await bufCurl(daemon.addresses[which], '--list-services', ...reflect);
    expect(listed.split('\n').sort()).toEqual(services);
  });

  test('lists the methods of every service', async () => {
    const clients = await bufCurl(daemon.addresses.clients, '--list-methods', ...reflect);
    const workers = await bufCurl(daemon.addresses.workers, '--list-methods', ...reflect);
    for (const method of ['StartSimulation', 'SubscribeToEvents', 'ReadWorkerOutput', 'GetInfo', 'Check', 'Watch']) {
      expect(clients).toContain(`/${method}`);
    }
    for (const method of ['RegisterWorker', 'ReportEvent', 'ReportEventBatches', 'ReceiveCommands', 'Heartbeat']) {
      expect(workers).toContain(`OrchestratorWorkerService/${method}`);
    }
  });

  test.each(['clients', 'workers'] as const)('calls Health.Check at the address for %s', async (which) => {
    const answer = await bufCurl(`${daemon.addresses[which]}/grpc.health.v1.Health/Check`, '-d', '{}', ...reflect);
    expect(JSON.parse(answer)).toEqual({ status: 'SERVING' });
  });

  test('calls a method of each service of its own, with messages from other files and well-known types', async () => {
    const client = `${daemon.addresses.clients}/fes.orchestration.v1.OrchestratorClientService`;
    const request = JSON.stringify({ workerType: 'puppet', config: { depth: 3 }, seed: '7', labels: { by: 'buf' } });
    const { simulation } = JSON.parse(await bufCurl(`${client}/StartSimulation`, '-d', request, ...reflect));
    expect(simulation).toMatchObject({ workerType: 'puppet', seed: '7', createdAt: expect.stringMatching(/Z$/) });
    const admin = `${daemon.addresses.clients}/fes.orchestration.v1.OrchestratorAdminService/GetInfo`;
    expect(JSON.parse(await bufCurl(admin, ...reflect))).toMatchObject({ messagingAdapter: 'memory' });
  });

  test('decodes the details of an error', async () => {
    const method = `${daemon.addresses.workers}/fes.orchestration.v1.OrchestratorWorkerService/RegisterWorker`;
    const error = await bufCurl(method, '-d', '{}', ...reflect).then(
      () => expect.fail('the call succeeded'),
      ({ stderr }: { stderr: string }) => JSON.parse(stderr),
    );
    expect(error).toMatchObject({ code: 'unauthenticated', details: [{ type: 'google.rpc.ErrorInfo' }] });
    const { ErrorInfo } = loadProtos().tree.google.rpc;
    const told = ErrorInfo.deserialize(Buffer.from(error.details[0].value, 'base64'));
    expect(told).toMatchObject({ reason: 'UNAUTHENTICATED', domain: 'shoal' });
  });

  test.each(['clients', 'workers'] as const)('follows Health.Watch at the address for %s', async (which) => {
    const args = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...reflect];
    const url = `http://${daemon.addresses[which]}/grpc.health.v1.Health/Watch`;
    // A group of its own: what npm installs as `buf` is a script that starts the program.
    const watch = spawn(BUF, [...args, url], { detached: true });
    const { pid } = watch;
    if (pid === undefined) throw new Error('buf could not be started');
    try {
      const [first] = await once(watch.stdout, 'data', { signal: AbortSignal.timeout(30_000) });
      expect(JSON.parse(String(first))).toEqual({ status: 'SERVING' });
    } finally {
      process.kill(-pid, 'SIGKILL');
    }
  });
});
