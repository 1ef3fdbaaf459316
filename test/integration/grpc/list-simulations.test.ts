import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
/** In the order in which they were started. */
const ids = Array.from({ length: 60 }, (_, at) => `run-${String(at).padStart(2, '0')}`);

beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType({ limits: { max_workers: 100 } })] });
  for (const [at, simulationId] of ids.entries()) {
    const labels = { part: at % 2 === 0 ? 'even' : 'odd', ...(at < 10 ? { 'reef.org/first': '' } : {}) };
    await daemon.client.start({ workerType: 'puppet', simulationId, labels });
  }
});
afterAll(() => daemon[Symbol.asyncDispose]());

async function listed(request: object): Promise<string[]> {
  const { simulations } = await daemon.client.list(request);
  return simulations.map(({ simulationId }) => simulationId);
}

describe('ListSimulations', () => {
  test('answers the newest first, 50 where no page size is asked for', async () => {
    expect(await listed({})).toEqual([...ids].reverse().slice(0, 50));
  });

  test('goes on page by page to the end, whatever is started meanwhile, without gap or repeat', async () => {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await daemon.client.list({ pageSize: 7, pageToken, labelSelector: 'part' });
      expect(page.simulations.length).toBeLessThanOrEqual(7);
      seen.push(...page.simulations.map(({ simulationId }) => simulationId));
      pageToken = page.nextPageToken;
      await daemon.client.start({ workerType: 'puppet', labels: { late: '' } });
    } while (pageToken !== '');
    expect(seen).toEqual([...ids].reverse());
  });

  test('has no next page after a last page that is exactly full', async () => {
    const { simulations, nextPageToken } = await daemon.client.list({ pageSize: 30, labelSelector: 'part=even' });
    expect([simulations.length, nextPageToken]).toEqual([30, '']);
  });

  test.each([
    ['part=even', 30],
    ['part==even', 30],
    ['part!=even,part', 30],
    ['part in (even,odd)', 60],
    ['part notin (even),part', 30],
    ['reef.org/first', 10],
    ['!reef.org/first,part', 50],
    ['part=even,reef.org/first', 5],
    ['part=nothing', 0],
  ])('filters by the selector %j', async (labelSelector, count) => {
    expect(await listed({ labelSelector, pageSize: 1_000 })).toHaveLength(count);
  });

  test('filters by state', async () => {
    await startRegistered(daemon, { simulationId: 'registered' });
    expect(await listed({ states: ['SIMULATION_STATE_RUNNING'] })).toEqual(['registered']);
    expect(await listed({ states: ['SIMULATION_STATE_PAUSED', 'SIMULATION_STATE_FAILED'] })).toEqual([]);
  });

  test.each([
    ['label_selector', { labelSelector: 'a in b' }],
    ['label_selector', { labelSelector: '=x' }],
    ['label_selector', { labelSelector: 'a=b,' }],
    ['label_selector', { labelSelector: 'a in (b' }],
    ['page_size', { pageSize: -1 }],
    ['page_token', { pageToken: 'garbage' }],
    ['states', { states: ['SIMULATION_STATE_UNSPECIFIED'] }],
    ['states', { states: [99] }],
  ])('refuses a bad %s: %j', async (field, request) => {
    expect(await failureOf(daemon.client.list(request as object))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_ARGUMENT',
      metadata: { field },
    });
  });
});
