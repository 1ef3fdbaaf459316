import { readEnvelope } from '../../support/daemon/envelopes.ts';

/** Where an event of the fake worker or of the school is routed to, by contract section 4. */
export function expectedSubject(simulationId: string, envelope: Uint8Array): string {
  const { eventTypeKey: key, attributes } = readEnvelope(envelope);
  const run = `events.simulation.${simulationId}`;
  const agent = /^sim\.agent_(observation|reward)\.v1$/.exec(key)?.[1];
  if (agent !== undefined) return `${run}.agent.${attributes['agent_id']}.${agent}`;
  const simple = /^sim\.([^.]+)\.v1$/.exec(key)?.[1];
  return simple === undefined ? `${run}.event.${key}` : `${run}.${simple}`;
}

/** Whether the worker types of these tests mark the key for the log. */
export function isMarkedForLog(key: string): boolean {
  return !['fake.quiet.v1', 'sim.agent_observation.v1', 'sim.agent_reward.v1'].includes(key);
}
