import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlSimulationsRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationsRequest.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import type { StreamProbe } from '../../support/daemon/stream-probe.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()], limits: { command_timeout: '20s' } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

interface Listener {
  readonly id: string;
  readonly puppet: Puppet;
  readonly commands: StreamProbe<{ readonly eventId: string }>;
}

async function listeners(count: number, request: object = {}): Promise<[Listener, ...Listener[]]> {
  const all = Array.from({ length: count }, async (): Promise<Listener> => {
    const puppet = await startRegistered(daemon, request);
    const commands = puppet.receiveCommands();
    await commands.live;
    return { id: puppet.ids.simulationId, puppet, commands };
  });
  const [first, ...others] = await Promise.all(all);
  if (first === undefined) throw new Error('no listener was asked for');
  return [first, ...others];
}

async function acknowledge({ puppet, commands }: Listener, nth: number, ack: object = { ok: true }): Promise<void> {
  const received = await commands.count(nth);
  await puppet.acknowledge(received[nth - 1]?.eventId ?? '', ack);
}

const controlMany = (request: ControlSimulationsRequest) =>
  daemon.client.call(clientMethods.ControlSimulations, request);

describe('ControlSimulations', () => {
  test('pauses many at once and has a result for each, in the order of the ids', async () => {
    const all = await listeners(3);
    const simulationIds = all.map(({ id }) => id);
    const call = controlMany({ simulationIds, template: { pause: {} } });
    await Promise.all([
      acknowledge(all[0], 1, { ok: true, tick: 11 }),
      acknowledge(all[1] as Listener, 1, { ok: false, code: 9, message: 'not while feeding' }),
      acknowledge(all[2] as Listener, 1, { ok: true, tick: 13 }),
    ]);
    const { results } = await call;
    expect(results.map(({ simulationId }) => simulationId)).toEqual(simulationIds);
    expect(results.map(({ code, message }) => [code, message])).toEqual(Array(3).fill([0, '']));
    expect(results.map(({ response }) => [response?.state, response?.tick, response?.code, response?.message])).toEqual(
      [
        ['SIMULATION_STATE_PAUSED', '11', 0, ''],
        ['SIMULATION_STATE_RUNNING', '0', 9, 'not while feeding'],
        ['SIMULATION_STATE_PAUSED', '13', 0, ''],
      ],
    );
  });

  test('says of an unknown one, and of one without a listener, what ControlSimulation would', async () => {
    const [{ id }] = await listeners(1);
    const deaf = await startRegistered(daemon);
    const simulationIds = ['nobody', deaf.ids.simulationId, id];
    const { results } = await controlMany({ simulationIds, template: { step: {} } });
    expect(results.map(({ code, response }) => [code, response])).toEqual([
      [5, null],
      [9, null],
      [9, null],
    ]);
    const paused = await controlMany({ simulationIds: simulationIds.slice(0, 2), template: { pause: {} } });
    expect(paused.results.map(({ code }) => code)).toEqual([5, 14]);
    expect(paused.results[0]?.message).toContain('there is no simulation nobody');
  });

  test('goes by labels', async () => {
    const all = await listeners(2, { labels: { round: 'labels' } });
    const call = controlMany({ labelSelector: 'round=labels', template: { pause: {} } });
    await Promise.all(all.map((each) => acknowledge(each, 1)));
    const { results } = await call;
    expect(results.map(({ simulationId }) => simulationId).sort()).toEqual(all.map(({ id }) => id).sort());
    const { results: none } = await controlMany({ labelSelector: 'round=another', template: { pause: {} } });
    expect(none).toEqual([]);
  });

  test('leaves stragglers behind as the policy says', async () => {
    const all = await listeners(2);
    const simulationIds = all.map(({ id }) => id);
    const timeout = { nanos: 100_000_000 };
    const quorum = controlMany({
      simulationIds,
      template: { custom: { commandKey: 'feed' } },
      straggler: 'STRAGGLER_POLICY_QUORUM',
      quorum: 1,
    });
    await acknowledge(all[0], 1);
    const phases = ({ results }: Awaited<typeof quorum>) =>
      results.map(({ code, response }) => [code, response?.phase, response?.completed]);
    expect(phases(await quorum)).toEqual([
      [0, 'COMMAND_PHASE_APPLIED', true],
      [0, 'COMMAND_PHASE_DELIVERED', false],
    ]);
    const template = { custom: { commandKey: 'feed' }, timeout };
    const deadline = controlMany({ simulationIds, template, straggler: 'STRAGGLER_POLICY_DEADLINE' });
    await acknowledge(all[0], 2);
    expect(phases(await deadline)).toEqual([
      [0, 'COMMAND_PHASE_APPLIED', true],
      [0, 'COMMAND_PHASE_DELIVERED', false],
    ]);
    const wait = controlMany({ simulationIds, template });
    await acknowledge(all[0], 3);
    expect(phases(await wait)).toEqual([
      [0, 'COMMAND_PHASE_APPLIED', true],
      [4, 'COMMAND_PHASE_DELIVERED', false],
    ]);
  });

  test.each<[string, ControlSimulationsRequest]>([
    ['simulation_ids', { template: { pause: {} } }],
    ['simulation_ids', { simulationIds: ['a.b'], template: { pause: {} } }],
    ['label_selector', { labelSelector: 'a in', template: { pause: {} } }],
    ['template', { simulationIds: ['a'] }],
    ['command', { simulationIds: ['a'], template: {} }],
    ['template.expected_revision', { simulationIds: ['a'], template: { pause: {}, expectedRevision: 1 } }],
    ['straggler', { simulationIds: ['a'], template: { pause: {} }, straggler: 7 as never }],
    ['quorum', { simulationIds: ['a'], template: { pause: {} }, quorum: 1 }],
    ['quorum', { simulationIds: ['a'], template: { pause: {} }, straggler: 'STRAGGLER_POLICY_QUORUM' }],
    ['quorum', { simulationIds: ['a'], template: { pause: {} }, straggler: 'STRAGGLER_POLICY_QUORUM', quorum: 2 }],
    ['timeout', { simulationIds: ['a'], template: { pause: {}, timeout: { seconds: -1 } } }],
    ['request_id', { simulationIds: ['a'], template: { pause: {}, requestId: 'x'.repeat(129) } }],
  ])('refuses a bad %s by its name', async (field, request) => {
    expect(await failureOf(controlMany(request))).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field } });
  });
});
