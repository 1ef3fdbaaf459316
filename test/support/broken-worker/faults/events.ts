import type { WorldEvent } from '../world.ts';
import type { Faults } from './fault.ts';

/** Ticks, or events, between two that are wrong. */
const NOW_AND_THEN = 10;

const UNDECLARED: WorldEvent = { key: 'sim.surprise.v1', payload: Buffer.from('!'), attributes: {} };

export const eventFaults: Faults = {
  'ids-are-unique': {
    it: 'counts its ids from 1 again after a reset',
    does: { countAfterReset: (what, last) => (what === 'ids' ? 0 : last) },
  },
  'ids-are-unique/malformed': {
    it: 'has a space in some of its ids',
    does: { eventId: (prefix, count) => `${prefix}${count % NOW_AND_THEN === 0 ? ' ' : '-'}${count}` },
  },
  'ids-differ-between-processes': {
    it: 'makes its ids of the simulation and a counter, without anything random',
    does: { eventId: (_, count, simulationId) => `${simulationId}-${count}` },
  },
  'ordinals-rise-by-one': {
    it: 'leaves an ordinal out at a reset',
    does: { countAfterReset: (what, last) => (what === 'ordinals' ? last + 1 : last) },
  },
  'ordinals-rise-by-one/reset': {
    it: 'counts its ordinals from 1 again after a reset',
    does: { countAfterReset: (what, last) => (what === 'ordinals' ? 0 : last) },
  },
  'tells-the-time': {
    it: 'tells the time in milliseconds',
    does: { timestampNs: () => BigInt(Date.now()) },
  },
  'reports-declared-events': {
    it: 'reports an event now and then that its type does not declare',
    does: { happened: (events, tick) => (tick % NOW_AND_THEN === 0 ? [...events, UNDECLARED] : events) },
  },
  'has-routing-attributes': {
    it: 'does not say whose observations they are',
    does: { happened: (events) => events.map(withoutAgent) },
  },
};

function withoutAgent(event: WorldEvent): WorldEvent {
  const { agent_id, ...attributes } = event.attributes;
  return { ...event, attributes };
}
