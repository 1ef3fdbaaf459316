import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { adminMethods, DaemonClient } from '../../support/daemon/daemon-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';

const configSchema = { type: 'object', properties: { fish: { type: 'integer' } } };

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [
      puppetType({ options: { configSchema, events: [{ key: 'sim.world_state.v1' }], commands: ['pause'] } }),
      { name: 'broken', plugin: './no-such-plugin.js' },
    ],
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

describe('GetSimulationStatus', () => {
  test('tells the present state, and a revision that rises with every change of any simulation', async () => {
    const one = await startRegistered(daemon);
    const { revision: first } = await daemon.client.get(one.ids.simulationId);
    const other = await startRegistered(daemon);
    const { revision: second } = await daemon.client.get(other.ids.simulationId);
    await daemon.client.control(one.ids.simulationId, { stop: { force: true } });
    const ended = await daemon.client.get(one.ids.simulationId);
    expect(Number(second)).toBeGreaterThan(Number(first));
    expect(Number(ended.revision)).toBeGreaterThan(Number(second));
    expect(ended).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', endedAt: { seconds: expect.any(String) } });
    expect((await daemon.client.get(other.ids.simulationId)).revision).toBe(second);
  });

  test.each([
    ['nobody', 'NOT_FOUND', 'SIMULATION_NOT_FOUND'],
    ['', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT'],
    ['../x', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT'],
  ])('of %j fails %s', async (id, code, reason) => {
    expect(await failureOf(daemon.client.get(id))).toMatchObject({ code, reason });
  });
});

describe('ListWorkerTypes', () => {
  test('tells those of the configuration in its order, unavailable ones with the reason', async () => {
    expect(await daemon.client.workerTypes()).toEqual([
      {
        name: 'puppet',
        plugin: expect.stringMatching(/puppet-plugin\.ts$/),
        description: 'a puppet',
        eventTypeKeys: ['sim.world_state.v1'],
        commands: ['pause', 'stop'],
        available: true,
        reason: '',
        configSchema: JSON.stringify(configSchema),
      },
      expect.objectContaining({
        name: 'broken',
        available: false,
        reason: expect.stringMatching(/no-such-plugin\.js does not exist/),
      }),
    ]);
  });
});

describe('GetInfo', () => {
  test('tells who the daemon is', async () => {
    const { orchestratorId } = await daemon.client.start({ workerType: 'puppet' });
    expect(await daemon.client.info()).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      orchestratorId,
      messagingAdapter: 'memory',
      durability: 'memory',
      draining: false,
      contractVersion: '1',
      natsServerVersion: '',
      startedAt: { seconds: expect.stringMatching(/^\d+$/) },
    });
  });
});

describe('what is not built yet answers UNIMPLEMENTED and names itself:', () => {
  test.each([['ReloadConfig', adminMethods.ReloadConfig]])('%s', async (feature, method) => {
    expect(await failureOf(daemon.client.call(method, {}))).toEqual({
      code: 'UNIMPLEMENTED',
      reason: 'CAPABILITY_UNSUPPORTED',
      domain: 'shoal',
      message: expect.stringContaining(feature),
      metadata: { feature },
    });
  });
});

describe('a method that there is not', () => {
  test('is UNIMPLEMENTED, on either address', async () => {
    for (const address of [daemon.addresses.clients, daemon.addresses.workers]) {
      const client = new DaemonClient(address);
      const { requestSerialize, responseDeserialize } = adminMethods.GetInfo;
      const method = {
        path: '/fes.orchestration.v1.OrchestratorAdminService/Fly',
        requestSerialize,
        responseDeserialize,
      };
      expect(await failureOf(client.call(method, {}))).toMatchObject({ code: 'UNIMPLEMENTED' });
      client.close();
    }
  });

  test('does not become a label of a metric', async () => {
    const metrics = await (await fetch(`http://${daemon.addresses.http}/metrics`)).text();
    expect(metrics).toContain('OrchestratorClientService/StartSimulation');
    expect(metrics).not.toContain('Fly');
  });
});
