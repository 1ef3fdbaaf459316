import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { DaemonClient } from '../../support/daemon/daemon-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType } from '../../support/daemon/puppet.ts';

const health = loadProtos().tree.grpc.health.v1.Health.service;
const SERVICES = {
  clients: ['fes.orchestration.v1.OrchestratorClientService', 'fes.orchestration.v1.OrchestratorAdminService'],
  workers: ['fes.orchestration.v1.OrchestratorWorkerService'],
} as const;

describe.each(['clients', 'workers'] as const)('grpc.health.v1.Health at the address for %s', (which) => {
  let daemon: InProcessDaemon;
  let client: DaemonClient;
  beforeAll(async () => {
    daemon = await startDaemon({ workerTypes: [puppetType()] });
    client = new DaemonClient(daemon.addresses[which]);
  });
  afterAll(async () => {
    client.close();
    await daemon[Symbol.asyncDispose]();
  });

  test.each(['', ...SERVICES[which]])('Check of %j is SERVING', async (service) => {
    expect(await client.call(health.Check, { service })).toEqual({ status: 'SERVING' });
  });

  test('Check of a service that is not here is NOT_FOUND', async () => {
    const elsewhere = SERVICES[which === 'clients' ? 'workers' : 'clients'][0];
    expect(await failureOf(client.call(health.Check, { service: elsewhere }))).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(elsewhere),
    });
  });

  test('List tells all of them', async () => {
    const { statuses } = await client.call(health.List, {});
    expect(Object.keys(statuses).sort()).toEqual(['', ...SERVICES[which]].sort());
    expect(new Set(Object.values(statuses).map(({ status }) => status))).toEqual(new Set(['SERVING']));
  });

  test('Watch of a service that is not here says SERVICE_UNKNOWN and stays open', async () => {
    const watch = client.stream(health.Watch, { service: 'nowhere' });
    expect(await watch.count(1)).toEqual([{ status: 'SERVICE_UNKNOWN' }]);
    expect(watch.isOver).toBe(false);
    watch.cancel();
  });

  test('Watch says SERVING, and NOT_SERVING when the daemon stops, which it does not hold up', async () => {
    const watch = client.stream(health.Watch, { service: '' });
    expect(await watch.count(1)).toEqual([{ status: 'SERVING' }]);
    const began = performance.now();
    await daemon.stop();
    expect(performance.now() - began).toBeLessThan(5_000);
    await watch.ended();
    expect(watch.messages).toEqual([{ status: 'SERVING' }, { status: 'NOT_SERVING' }]);
  });
});
