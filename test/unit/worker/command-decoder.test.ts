import { describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { decodeCommand } from '../../../src/worker/command-decoder.ts';

const { tree } = loadProtos();
const messages = tree.fes.orchestration.v1;
const bytes = Buffer.from([1, 2, 3]);

function decode(eventTypeKey: string, eventPayload: Buffer = Buffer.alloc(0), payloadContentType = '') {
  const { GenericEventRequest } = tree.fes.common.events;
  const envelope = { eventId: 'c1', eventTypeKey, eventPayload, payloadContentType };
  return decodeCommand(GenericEventRequest.deserialize(GenericEventRequest.serialize(envelope)));
}

describe('a command of contract section 5 is decoded:', () => {
  test('pause and resume', () => {
    expect(decode('orchestrator.control.pause')).toEqual({ name: 'pause' });
    expect(decode('orchestrator.control.resume')).toEqual({ name: 'resume' });
  });

  test('step, of which 0 means 1', () => {
    const key = 'orchestrator.control.step';
    expect(decode(key, messages.StepCommand.serialize({ ticks: 7 }))).toEqual({ name: 'step', ticks: 7 });
    expect(decode(key)).toEqual({ name: 'step', ticks: 1 });
  });

  test('reset, with and without seed and configuration', () => {
    const key = 'orchestrator.control.reset';
    const config = {
      fields: {
        fish: { numberValue: 3 },
        name: { stringValue: 'x' },
        deep: { structValue: { fields: { on: { boolValue: true }, no: { nullValue: 'NULL_VALUE' as const } } } },
        list: { listValue: { values: [{ numberValue: 1 }, { stringValue: 'a' }] } },
      },
    };
    expect(decode(key, messages.ResetCommand.serialize({ seed: '18446744073709551615', config }))).toEqual({
      name: 'reset',
      seed: 2n ** 64n - 1n,
      config: { fish: 3, name: 'x', deep: { on: true, no: null }, list: [1, 'a'] },
    });
    expect(decode(key, messages.ResetCommand.serialize({ seed: 0 }))).toEqual({ name: 'reset', seed: 0n });
    expect(decode(key)).toEqual({ name: 'reset' });
  });

  test('stop, with and without grace', () => {
    const key = 'orchestrator.control.stop_worker';
    const grace = { seconds: 2, nanos: 500_000_000 };
    const stop = decode(key, messages.StopCommand.serialize({ force: true, grace }));
    expect(stop).toEqual({ name: 'stop', force: true, graceMs: 2_500 });
    expect(decode(key)).toEqual({ name: 'stop', force: false });
  });

  test('agent_action, inject_agent, set_speed and snapshot', () => {
    const action = { agentId: 'fish-1', action: bytes, contentType: 'x/y' };
    expect(decode('orchestrator.ai.action', messages.AgentActionCommand.serialize(action))).toEqual({
      name: 'agent_action',
      ...action,
    });
    const agent = { payload: bytes, contentType: 'x/y' };
    expect(decode('orchestrator.control.inject_agent', messages.InjectAgentCommand.serialize(agent))).toEqual({
      name: 'inject_agent',
      ...agent,
    });
    const speed = messages.SetSpeedCommand.serialize({ ticksPerSecond: 2.5 });
    expect(decode('orchestrator.control.set_speed', speed)).toEqual({ name: 'set_speed', ticksPerSecond: 2.5 });
    const snapshot = messages.SnapshotCommand.serialize({ name: 'a' });
    expect(decode('orchestrator.control.snapshot', snapshot)).toEqual({ name: 'snapshot', snapshotName: 'a' });
  });

  test('a custom command comes raw', () => {
    expect(decode('my.command', bytes, 'x/y')).toEqual({
      name: 'custom',
      key: 'my.command',
      payload: bytes,
      contentType: 'x/y',
    });
  });

  test("a key of Shoal's that this version does not know is no custom command", () => {
    expect(decode('orchestrator.control.assign')).toBeUndefined();
    expect(decode('orchestrator.control.dance')).toBeUndefined();
  });
});
