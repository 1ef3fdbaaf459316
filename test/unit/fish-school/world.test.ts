import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../../examples/fish-school/fish.ts';
import { nature } from '../../../examples/fish-school/fish.ts';
import { type SchoolConfig, schoolConfig } from '../../../examples/fish-school/school-config.ts';
import { World } from '../../../examples/fish-school/world.ts';

const seeds = fc.bigInt(0n, 2n ** 64n - 1n);
const configs = fc
  .record({
    fish: fc.integer({ min: 0, max: 12 }),
    max_fish: fc.integer({ min: 0, max: 20 }),
    food: fc.integer({ min: 0, max: 40 }),
    width: fc.integer({ min: 10, max: 60 }),
    height: fc.integer({ min: 10, max: 60 }),
  })
  .map(schoolConfig);
/** Anything that an agent may send, sense or not. */
const actions: fc.Arbitrary<Action> = fc.record({
  moveDelta: fc.float(),
  turnDeltaDegrees: fc.float(),
  attemptEat: fc.boolean(),
});
type Deed = { readonly kind: 'direct'; readonly fish: number; readonly action: Action } | { readonly kind: 'inject' };
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('direct' as const), fish: fc.nat(15), action: actions }),
  fc.record({ kind: fc.constant('inject' as const) }),
);
/** What is done to the world before each tick. */
const histories = fc.array(fc.array(deeds, { maxLength: 2 }), { maxLength: 80, size: 'max' });
/** Each is a life of some eighty ticks. */
const numRuns = 40;

/** Lives through a history; what was seen after every tick. */
function live(
  config: SchoolConfig,
  seed: bigint,
  history: readonly (readonly Deed[])[],
  look: (world: World) => void = () => {},
) {
  const world = new World(config, seed);
  const seen: unknown[] = [];
  for (const before of history) {
    for (const deed of before) {
      if (deed.kind === 'inject') world.inject();
      else world.direct(world.fish[deed.fish]?.id ?? 'fish-nobody', deed.action);
    }
    const outcome = world.step();
    look(world);
    seen.push({ tick: world.tick, fish: [...world.fish], food: [...world.food], outcome });
  }
  return { world, seen };
}

describe('the world', () => {
  test('is the same, to the last bit, for the same configuration, seed and history', () => {
    fc.assert(
      fc.property(configs, seeds, histories, (config, seed, history) => {
        const [once, again] = [live(config, seed, history), live(config, seed, history)];
        expect(JSON.stringify(once.seen)).toBe(JSON.stringify(again.seen));
      }),
      { numRuns },
    );
  });

  test('is another one for another seed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(seeds, { minLength: 2, maxLength: 2 }), ([one, other]) => {
        const [a, b] = [one, other].map((seed) => live(schoolConfig({}), seed as bigint, [[]]).seen);
        expect(a).not.toEqual(b);
      }),
    );
  });

  test('makes no energy of nothing and loses none: what is there is what came less what went', () => {
    fc.assert(
      fc.property(configs, seeds, histories, (config, seed, history) => {
        const { world } = live(config, seed, history);
        const { initial, added, spent, lost } = world.ledger;
        expect(world.energy()).toBeCloseTo(initial + added - spent - lost, 6);
      }),
      { numRuns },
    );
  });

  test('keeps every fish and pellet in the ocean, under an id that is never used twice', () => {
    fc.assert(
      fc.property(configs, seeds, histories, (config, seed, history) => {
        const lastSeen = new Map<string, number>();
        const wrong: unknown[] = [];
        live(config, seed, history, (world) => {
          for (const { id, pos } of [...world.fish, ...world.food]) {
            if (!(pos.x >= 0 && pos.x < config.width && pos.y >= 0 && pos.y < config.height)) wrong.push({ id, pos });
            if (![undefined, world.tick - 1].includes(lastSeen.get(id))) wrong.push({ id, tick: world.tick });
            lastSeen.set(id, world.tick);
          }
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns },
    );
  });

  test('no fish swims faster than it can, whatever an agent says', () => {
    fc.assert(
      fc.property(seeds, actions, (seed, action) => {
        const world = new World(schoolConfig({ fish: 1, food: 0 }), seed);
        const before = world.fish[0];
        if (before === undefined) throw new Error('no fish');
        expect(world.direct(before.id, action)).toBe(true);
        world.step();
        const after = world.fish[0];
        if (after === undefined) throw new Error('no fish');
        const way = world.ocean.way(before.pos, after.pos);
        expect(Math.hypot(way.x, way.y)).toBeLessThanOrEqual(nature.maxMoveM + 1e-9);
      }),
    );
  });

  test('does what an agent says, for one tick', () => {
    const world = new World(schoolConfig({ fish: 1, food: 0 }), 1n);
    const { id, pos, heading } = world.fish[0] ?? { id: '', pos: { x: 0, y: 0 }, heading: 0 };
    world.direct(id, { moveDelta: 1, turnDeltaDegrees: 30, attemptEat: false });
    world.step();
    const turned = heading + Math.PI / 6;
    const there = world.ocean.wrap({ x: pos.x + Math.cos(turned), y: pos.y + Math.sin(turned) });
    expect(world.fish[0]?.heading).toBeCloseTo(turned, 9);
    expect(world.fish[0]?.pos.x).toBeCloseTo(there.x, 9);
    expect(world.fish[0]?.pos.y).toBeCloseTo(there.y, 9);
    world.step();
    expect(world.fish[0]?.heading).toBeCloseTo(turned, 9);
  });

  test('does not know a fish that is not there', () => {
    const world = new World(schoolConfig({ fish: 1 }), 1n);
    expect(world.direct('fish-nobody', { moveDelta: 0, turnDeltaDegrees: 0, attemptEat: false })).toBe(false);
  });

  test('has births, and deaths by hunger and by age, and a school that lasts', () => {
    const world = new World(schoolConfig({}), 7n);
    const outcomes = Array.from({ length: 3_000 }, () => world.step());
    const causes = new Set(outcomes.flatMap(({ died }) => died.map(({ cause }) => cause)));
    expect(causes).toEqual(new Set(['starvation', 'old_age']));
    expect(outcomes.flatMap(({ spawned }) => spawned).length).toBeGreaterThan(20);
    expect(world.fish.length).toBeGreaterThan(10);
    expect(world.fish.length).toBeLessThanOrEqual(60);
  });

  test('without food starves, and another fish swims in', () => {
    const world = new World(schoolConfig({ fish: 3, food: 0 }), 1n);
    const outcomes = Array.from({ length: 400 }, () => world.step());
    expect(outcomes.flatMap(({ died }) => died).length).toBeGreaterThanOrEqual(3);
    expect(outcomes.flatMap(({ spawned }) => spawned)[0]?.parentId).toBeUndefined();
  });
});
