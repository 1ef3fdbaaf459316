import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSimulationId } from '../../../../src/domain/ids.ts';
import { builtInSubject, RouteTable } from '../../../../src/domain/routing/route-table.ts';
import { eventTypeKey } from '../arbitrary-ids.ts';

/** Contract section 4, row by row. */
const TABLE = [
  ['sim.world_state.v1', 'events.simulation.reef-1.world_state'],
  ['sim.world_state.v2', 'events.simulation.reef-1.world_state'],
  ['sim.world_state.v10', 'events.simulation.reef-1.world_state'],
  ['sim.agent_observation.v1', 'events.simulation.reef-1.agent.fish-7.observation'],
  ['sim.agent_observation.v12', 'events.simulation.reef-1.agent.fish-7.observation'],
  ['sim.agent_reward.v1', 'events.simulation.reef-1.agent.fish-7.reward'],
  ['sim.agent_died.v1', 'events.simulation.reef-1.agent_died'],
  ['sim.agent_spawned.v3', 'events.simulation.reef-1.agent_spawned'],
  ['sim.agent_observation_extra.v1', 'events.simulation.reef-1.agent_observation_extra'],
  ['sim.world-state.v1', 'events.simulation.reef-1.world-state'],
  // All else, by its whole key.
  ['sim.world_state', 'events.simulation.reef-1.event.sim.world_state'],
  ['sim.world_state.v', 'events.simulation.reef-1.event.sim.world_state.v'],
  ['sim.world_state.1', 'events.simulation.reef-1.event.sim.world_state.1'],
  ['sim.world_state.v1x', 'events.simulation.reef-1.event.sim.world_state.v1x'],
  ['sim.world.state.v1', 'events.simulation.reef-1.event.sim.world.state.v1'],
  ['sim.agent_observation.extra.v1', 'events.simulation.reef-1.event.sim.agent_observation.extra.v1'],
  ['sim.v1', 'events.simulation.reef-1.event.sim.v1'],
  ['simx.world_state.v1', 'events.simulation.reef-1.event.simx.world_state.v1'],
  ['my.sim.world_state.v1', 'events.simulation.reef-1.event.my.sim.world_state.v1'],
  ['custom', 'events.simulation.reef-1.event.custom'],
] as const;

const simulationId = parseSimulationId('reef-1');

describe('an event about which nobody says anything', () => {
  test.each(TABLE)('with the key %s goes to %s and is logged', (key, subject) => {
    const { template, logged } = new RouteTable('fish', [], []).find(key);
    expect(template.subject(simulationId, (name) => (name === 'agent_id' ? 'fish-7' : undefined))).toBe(subject);
    expect(logged).toBe(true);
  });

  test('has a subject below its simulation, whatever its key', () => {
    fc.assert(
      fc.property(eventTypeKey, (key) => {
        const { template } = new RouteTable('fish', [], []).find(key);
        const subject = template.subject(simulationId, () => 'a');
        expect(subject.startsWith('events.simulation.reef-1.')).toBe(true);
        expect(subject).toMatch(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/);
        expect(template.attributes).toEqual(builtInSubject(key).includes('{agent_id}') ? ['agent_id'] : []);
      }),
    );
  });

  test('shares its subject only with other versions of its key', () => {
    const withoutVersion = (key: string) => (/^sim\.[A-Za-z0-9_-]+\.v\d+$/.test(key) ? key.replace(/\d+$/, '') : key);
    fc.assert(
      fc.property(eventTypeKey, eventTypeKey, (a, b) => {
        expect(builtInSubject(a) === builtInSubject(b)).toBe(withoutVersion(a) === withoutVersion(b));
      }),
      { numRuns: 500 },
    );
  });
});
