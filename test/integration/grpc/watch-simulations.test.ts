import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WatchSimulationsRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/WatchSimulationsRequest.ts';
import type { WatchSimulationsResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/WatchSimulationsResponse.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()], limits: { max_final_simulations: 2 } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const watch = (request: WatchSimulationsRequest = {}) => daemon.client.stream(clientMethods.WatchSimulations, request);

function texts(messages: readonly WatchSimulationsResponseOutput[]): string[] {
  return messages.map(({ simulation, initial, synced, deleted }) => {
    const mark = [initial && 'initial', synced && 'synced', deleted && 'deleted'].filter(Boolean).join(' ');
    return `${mark} ${simulation?.state.slice('SIMULATION_STATE_'.length) ?? ''}`.trim();
  });
}

async function ended(simulationId: string): Promise<void> {
  await daemon.client.control(simulationId, { stop: { force: true } });
}

describe('WatchSimulations', () => {
  test('tells one run from its start to its end, and when it is forgotten', async () => {
    const watcher = watch({ labelSelector: 'watched=whole' });
    await watcher.live;
    const { ids } = await startRegistered(daemon, { labels: { watched: 'whole' } });
    await ended(ids.simulationId);
    for (let more = 0; more < 3; more += 1) {
      const other = await startRegistered(daemon);
      await ended(other.ids.simulationId);
    }
    await watcher.until((messages) => messages.at(-1)?.deleted === true);
    expect(texts(watcher.messages)).toEqual([
      'synced',
      'PENDING',
      'STARTING',
      'RUNNING',
      'STOPPING',
      'STOPPED',
      'deleted STOPPED',
    ]);
    const revisions = watcher.messages.slice(1, -1).map(({ simulation }) => Number(simulation?.revision));
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    watcher.cancel();
  });

  test('begins with those that are there, and goes on by revision', async () => {
    const { ids } = await startRegistered(daemon, { labels: { watched: 'again' } });
    const first = watch({ labelSelector: 'watched=again' });
    await first.until((messages) => messages.at(-1)?.synced === true);
    expect(texts(first.messages)).toEqual(['initial RUNNING', 'synced']);
    first.cancel();
    const fromRevision = first.messages[0]?.simulation?.revision ?? '';
    await ended(ids.simulationId);
    const second = watch({ simulationIds: [ids.simulationId], fromRevision });
    await second.until((messages) => messages.at(-1)?.synced === true);
    expect(texts(second.messages)).toEqual(['initial STOPPED', 'synced']);
    second.cancel();
  });

  test('ends with its caller’s deadline', async () => {
    const { path, requestSerialize, responseDeserialize } = clientMethods.WatchSimulations;
    const method = { path, requestSerialize, responseDeserialize };
    expect(await daemon.client.stream(method, {}, { deadlineMs: 200 }).ended()).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
  });

  test.each<[string, string, WatchSimulationsRequest]>([
    ['INVALID_ARGUMENT', 'simulation_ids', { simulationIds: ['a/b'] }],
    ['INVALID_ARGUMENT', 'label_selector', { labelSelector: 'a=b=c' }],
    ['ABORTED', 'from_revision', { fromRevision: '18446744073709551615' }],
  ])('answers %s for a bad %s', async (code, field, request) => {
    expect(await watch(request).ended()).toMatchObject({ code, metadata: { field } });
  });
});
