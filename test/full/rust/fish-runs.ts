import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import type { DaemonClient } from '../../support/daemon/daemon-client.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';

const { AgentObservation } = loadProtos().tree.fes.simulation.agent;

const KEYS = ['died', 'spawned', 'observation', 'reward'].map((name) => `sim.agent_${name}.v1`);

export interface FishTypeOptions {
  readonly name: string;
  /** What the worker is launched with beside what Shoal gives it; may name variables of Shoal's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly command_transport?: 'nats' | 'grpc';
}

/** The fish in Rust; every event is logged, so that a test can read all of them afterwards. */
export function rustFishType(program: string, { name, env = {}, args = [], ...more }: FishTypeOptions) {
  const assignments = Object.entries(env).map(([variable, value]) => `${variable}='${value}'`);
  const script = `${assignments.join(' ')} exec "$0" "$@"`;
  return {
    name,
    plugin: 'executable',
    options: {
      executable: 'sh',
      args: ['-c', script, program, ...args],
      commands: ['pause', 'resume', 'step', 'reset', 'stop', 'agent_action', 'inject_agent', 'set_speed', 'snapshot'],
      events: ['sim.world_state.v1', ...KEYS].map((key) => ({ key, log: true })),
    },
    limits: { register_timeout: '60s' },
    ...more,
  };
}

/** All that is logged of a run so far, in order. */
export async function logged(client: DaemonClient, simulationId: string): Promise<GenericEventRequestOutput[]> {
  const events = client.subscribe({ simulationId, fromBeginning: true, noFollow: true });
  await events.ended();
  return events.messages.map(({ bytes }) => readEnvelope(bytes));
}

export const ofTick =
  (tick: number) =>
  ({ attributes }: GenericEventRequestOutput): boolean =>
    attributes['tick'] === String(tick);

/** What two runs with the same seed have in common of an event; a world state is named by its time, and left out. */
export function essence({ eventTypeKey, eventPayload, attributes, payloadContentType }: GenericEventRequestOutput) {
  const payload = eventTypeKey === 'sim.world_state.v1' ? '' : eventPayload.toString('hex');
  return { eventTypeKey, payloadContentType, attributes, payload };
}

/** What a fish saw of itself in a tick. */
export function observationOf(events: readonly GenericEventRequestOutput[], agentId: string, tick: number) {
  const event = events.find(
    (it) => it.eventTypeKey === 'sim.agent_observation.v1' && it.attributes['agent_id'] === agentId && ofTick(tick)(it),
  );
  if (event === undefined) throw new Error(`no observation of ${agentId} in tick ${tick}`);
  return AgentObservation.deserialize(event.eventPayload);
}
