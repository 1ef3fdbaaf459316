import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
});
afterAll(() => daemon[Symbol.asyncDispose]());

describe('RegisterWorker', () => {
  test('makes the simulation RUNNING', async () => {
    const puppet = await startPuppet(daemon, { simulationId: 'first' });
    expect(await puppet.register()).toMatchObject({ resumed: false, desiredState: 'SIMULATION_STATE_RUNNING' });
    expect(await daemon.client.get('first')).toMatchObject({ state: 'SIMULATION_STATE_RUNNING', ...puppet.ids });
  });
});
