import { describe, expect, test } from 'vitest';
import type { RoutingRule } from '../../../../src/domain/configuration.ts';
import { parseSimulationId } from '../../../../src/domain/ids.ts';
import { type EventDeclaration, RouteTable } from '../../../../src/domain/routing/route-table.ts';

const reef = parseSimulationId('reef-1');

function route(key: string, { declared = [], rules = [] }: { declared?: EventDeclaration[]; rules?: RoutingRule[] }) {
  const { template, logged } = new RouteTable('fish', declared, rules).find(key);
  return [template.subject(reef, () => 'fish-7'), logged];
}

const builtIn = 'events.simulation.reef-1.world_state';

describe('the routes of a worker type', () => {
  test('are the built-in ones where nobody says otherwise', () => {
    expect(
      route('sim.world_state.v1', { declared: [{ key: 'sim.other.v1', subject: 'events.other', log: false }] }),
    ).toEqual([builtIn, true]);
  });

  test('are what the plugin declares, for subject and for log each by itself', () => {
    const key = 'sim.world_state.v1';
    expect(route(key, { declared: [{ key, subject: 'events.mine' }] })).toEqual(['events.mine', true]);
    expect(route(key, { declared: [{ key, log: false }] })).toEqual([builtIn, false]);
    expect(route(key, { declared: [{ key }] })).toEqual([builtIn, true]);
  });

  test('are what the configuration says, over what the plugin declares', () => {
    const key = 'sim.world_state.v1';
    const declared = [{ key, subject: 'events.mine', log: false }];
    expect(route(key, { declared, rules: [{ key, subject: 'events.{simulation_id}.yours', log: true }] })).toEqual([
      'events.reef-1.yours',
      true,
    ]);
    expect(route(key, { declared, rules: [{ key, log: true }] })).toEqual(['events.mine', true]);
    expect(route(key, { declared, rules: [{ key, subject: 'events.yours' }] })).toEqual(['events.yours', false]);
  });

  test('follow the first rule that matches and names the property', () => {
    const rules: RoutingRule[] = [
      { key: 'sim.agent.>', subject: 'events.never' },
      { key: 'sim.*.v1', log: false },
      { key: 'sim.>', subject: 'events.wide', log: true },
      { key: 'sim.world_state.v1', subject: 'events.exact' },
    ];
    expect(route('sim.world_state.v1', { rules })).toEqual(['events.wide', false]);
    expect(route('sim.world_state.v2', { rules })).toEqual(['events.wide', true]);
    expect(route('other', { rules })).toEqual(['events.simulation.reef-1.event.other', true]);
  });

  test('leave out the rules of other worker types', () => {
    const rules: RoutingRule[] = [
      { key: '>', workerType: 'whale', subject: 'events.whales', log: false },
      { key: '>', workerType: 'fish', subject: 'events.fish' },
    ];
    expect(route('sim.world_state.v1', { rules })).toEqual(['events.fish', true]);
  });

  test('refuse a malformed subject when they are made, not when an event comes', () => {
    expect(() => new RouteTable('fish', [{ key: 'a', subject: 'logging.x' }], [])).toThrow('must begin with "events."');
    expect(() => new RouteTable('fish', [], [{ key: 'never.seen', subject: 'events.*' }])).toThrow('has the token "*"');
    expect(() => new RouteTable('fish', [], [{ key: '>', workerType: 'whale', subject: 'events.*' }])).not.toThrow();
  });

  test('know which keys are declared, so that an invented key does not become a label', () => {
    const routes = new RouteTable('fish', [{ key: 'sim.a.v1' }], [{ key: 'sim.b.v1', log: false }]);
    expect([routes.declares('sim.a.v1'), routes.declares('sim.b.v1'), routes.declares('sim.c.v1')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('compile a key once, and still find the right route when a worker has invented thousands', () => {
    const routes = new RouteTable('fish', [], []);
    const first = routes.find('sim.a.v1');
    for (let at = 0; at < 3_000; at += 1) {
      expect(routes.find(`key.${at}`).template.text).toBe(`events.simulation.{simulation_id}.event.key.${at}`);
    }
    expect(routes.find('sim.a.v1')).toBe(first);
    expect(routes.find('key.2999')).not.toBe(routes.find('key.2999'));
  });
});
