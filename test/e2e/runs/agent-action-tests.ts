import { describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import { until } from '../../support/daemon/until.ts';
import type { Stage } from './stage.ts';
import type { NatsWitness } from './witness.ts';

const { AgentActionCommand } = loadProtos().tree.fes.orchestration.v1;

/** Actions that agents publish on NATS, and what the worker of the fake runs hears of them. */
export function agentActionTests(stage: () => Stage, witness: () => NatsWitness): void {
  const client = () => stage().daemon.client;
  const run = () => stage().ensemble.commanded.fake;

  function act(simulationId: string, eventId: string, event: object = {}, agentId = 'agent-7'): void {
    const action = {
      eventId,
      eventTypeKey: 'ai.agent_action.v1',
      eventPayload: Buffer.from(eventId),
      payloadContentType: 'a/b',
    };
    const subject = `commands.simulation.${simulationId}.agent.${agentId}.action`;
    witness().connection.publish(subject, envelope({ ...action, ...event }));
  }

  /** The event by which the worker tells that it has heard a command. */
  const heard = (eventId: string) =>
    witness()
      .of(run())
      .map(({ bytes }) => readEnvelope(bytes))
      .find(({ correlationId }) => correlationId === eventId);

  async function counted(name: 'relayed' | 'dropped'): Promise<number> {
    const [, value] =
      new RegExp(`^shoal_agent_actions_${name}_total (\\d+)$`, 'm').exec(await stage().daemon.metrics()) ?? [];
    return Number(value);
  }

  describe('the action of an agent', () => {
    test('reaches the worker of its run, RUNNING or PAUSED, under its own id', async () => {
      for (const [state, command] of [
        ['RUNNING', { pause: {} }],
        ['PAUSED', { resume: {} }],
      ] as const) {
        await client().untilState(run(), state);
        act(run(), `action-${state}`, { attributes: { agent_id: 'somebody-else' } });
        const event = await until('the worker has heard it', () => heard(`action-${state}`));
        expect(event.attributes).toEqual({ agent_id: 'agent-7', command: 'orchestrator.ai.action' });
        expect(AgentActionCommand.deserialize(event.eventPayload)).toEqual({
          agentId: 'agent-7',
          action: Buffer.from(`action-${state}`),
          contentType: 'a/b',
        });
        await client().control(run(), command);
      }
    });

    test('comes in the order in which the agent acted', async () => {
      const ids = Array.from({ length: 50 }, (_, at) => `ordered-${at}`);
      for (const id of ids) act(run(), id);
      await until('the worker has heard the last', () => heard('ordered-49'));
      const order = witness()
        .of(run())
        .map(({ bytes }) => readEnvelope(bytes).correlationId)
        .filter((id) => id.startsWith('ordered-'));
      expect(order).toEqual(ids);
    });

    test.each([
      ['of a run that has ended', () => act('fake-1', 'late')],
      ['of a run that there is not', () => act('nobody', 'nowhere')],
      ['of a plain program, which takes none', () => act('plain-0', 'plain')],
      ['under another key', () => act(run(), 'key', { eventTypeKey: 'ai.other.v1' })],
      ['under an id that is none', () => act(run(), 'no spaces')],
      [
        'that is garbage',
        () => witness().connection.publish(`commands.simulation.${run()}.agent.a.action`, Buffer.from('x')),
      ],
    ])('is dropped and counted when it is one %s', async (_what, send) => {
      const before = { dropped: await counted('dropped'), relayed: await counted('relayed') };
      send();
      await until('it is counted', async () => (await counted('dropped')) === before.dropped + 1);
      expect(await counted('relayed')).toBe(before.relayed);
      expect(await client().get(run())).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
    });
  });
}
