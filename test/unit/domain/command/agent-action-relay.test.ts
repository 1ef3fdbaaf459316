import { beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../../src/adapters/grpc/proto-loading.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { type EnvelopeFields, envelope } from '../../../support/fakes/messages.ts';
import { settle } from '../../../support/fakes/settle.ts';

describe('the relay of agent actions', () => {
  let domain: DomainUnderTest;
  let id: SimulationId;

  beforeEach(async () => {
    domain = new DomainUnderTest();
    id = await domain.run({ simulationId: 'reef-1' });
    await domain.relay.start();
  });

  const action: EnvelopeFields = {
    eventId: 'act-1',
    eventTypeKey: 'ai.agent_action.v1',
    eventPayload: Buffer.from([1, 2, 3]),
    payloadContentType: 'application/protobuf; message=fes.simulation.agent.AgentAction',
  };

  async function act(subject: string, bytes: Uint8Array = envelope(action)): Promise<void> {
    await domain.bus.publish([{ subject, bytes }]);
    await settle();
  }

  const actionSubject = 'commands.simulation.reef-1.agent.fish-7.action';
  const counts = () => [domain.relay.relayed, domain.relay.dropped];

  test('hands an action to the worker of the simulation, under its own id, for the agent of the subject', async () => {
    await act(
      actionSubject,
      envelope({ ...action, attributes: { agent_id: 'someone-else' }, simulationId: 'elsewhere' }),
    );
    const { workerId, id: commandId, key, how, envelope: sent } = domain.lastCommand();
    expect({ workerId, commandId, key, how }).toEqual({
      workerId: 'w-1',
      commandId: 'act-1',
      key: 'orchestrator.ai.action',
      how: 'post',
    });
    expect(sent).toMatchObject({ simulationId: id, sourceWorkerId: 'shoal-test', attributes: { agent_id: 'fish-7' } });
    expect(loadProtos().tree.fes.orchestration.v1.AgentActionCommand.deserialize(sent.eventPayload)).toEqual({
      agentId: 'fish-7',
      action: Buffer.from([1, 2, 3]),
      contentType: 'application/protobuf; message=fes.simulation.agent.AgentAction',
    });
    expect(counts()).toEqual([1, 0]);
  });

  test('expects no acknowledgement', async () => {
    await act(actionSubject);
    await domain.clock.advance(60_000);
    expect([domain.channel.sent.length, domain.clock.pending]).toEqual([1, 0]);
  });

  test('gives an id to an action that has none', async () => {
    await act(actionSubject, envelope({ ...action, eventId: '' }));
    expect(domain.lastCommand().id).toBe('e-1');
  });

  test('goes on in PAUSED', async () => {
    await domain.registry.change(id, (present) => ({ ...present, state: 'PAUSED' }));
    await act(actionSubject);
    expect(counts()).toEqual([1, 0]);
  });

  test.each(['PENDING', 'STARTING', 'STOPPING', 'COMPLETED', 'FAILED', 'STOPPED', 'RESTARTING', 'LOST'] as const)(
    'drops and counts what comes in %s',
    async (state) => {
      await domain.registry.change(id, (present) => ({ ...present, state }));
      await act(actionSubject);
      expect([domain.channel.sent, counts()]).toEqual([[], [0, 1]]);
    },
  );

  test.each([
    ['for a simulation that there is not', 'commands.simulation.nobody.agent.a.action', envelope(action)],
    ['with a simulation id that cannot be one', 'commands.simulation.-x.agent.a.action', envelope(action)],
    ['with an agent id that cannot be one', 'commands.simulation.reef-1.agent._a.action', envelope(action)],
    ['that is no envelope', actionSubject, Buffer.from([0xff])],
    ['under another key', actionSubject, envelope({ ...action, eventTypeKey: 'orchestrator.control.stop_worker' })],
    ['with an id that cannot be one', actionSubject, envelope({ ...action, eventId: 'a b' })],
  ])('drops and counts what comes %s', async (_what, subject, bytes) => {
    await act(subject, bytes);
    expect([domain.channel.sent, counts()]).toEqual([[], [0, 1]]);
  });

  test('drops and counts what the worker does not understand, or what comes when it has ended', async () => {
    await domain.register(id, ['pause']);
    await act(actionSubject);
    const other = await domain.run({ simulationId: 'reef-2' });
    domain.program(other).exit({ code: 0 });
    await act('commands.simulation.reef-2.agent.a.action');
    expect([domain.channel.sent, counts()]).toEqual([[], [0, 2]]);
  });

  test('listens once, however often it is started, and not after it is stopped', async () => {
    await domain.relay.start();
    expect(domain.bus.subscriptions).toBe(1);
    await domain.relay.stop();
    await domain.relay.stop();
    await act(actionSubject);
    expect([domain.bus.subscriptions, domain.channel.sent]).toEqual([0, []]);
  });
});
