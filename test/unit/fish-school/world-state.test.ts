import { ByteBuffer } from 'flatbuffers';
import { describe, expect, test } from 'vitest';
import { WorldStateUpdate } from '../../../examples/fish-school/generated/world-state-update.ts';
import { schoolConfig } from '../../../examples/fish-school/school-config.ts';
import { World } from '../../../examples/fish-school/world.ts';
import { encodeWorldState } from '../../../examples/fish-school/world-state.ts';

function decode(bytes: Uint8Array) {
  const update = WorldStateUpdate.getRootAsWorldStateUpdate(new ByteBuffer(bytes));
  const list = (
    count: number,
    at: (i: number) => { id(): string | null; pos(): { x(): number; y(): number } | null } | null,
  ) =>
    Array.from({ length: count }, (_, i) => {
      const thing = at(i);
      return { id: thing?.id(), pos: { x: thing?.pos()?.x(), y: thing?.pos()?.y() } };
    });
  return {
    simulationId: update.simulationId(),
    tick: update.currentTick(),
    timestampNs: update.timestampNs(),
    agents: list(update.agentsLength(), (i) => update.agents(i)),
    food: list(update.foodPelletsLength(), (i) => update.foodPellets(i)),
  };
}

/** As a FlatBuffer holds it: positions are 32-bit floats, lists are sorted by id. */
function asStored(things: readonly { id: string; pos: { x: number; y: number } }[]) {
  return things
    .map(({ id, pos }) => ({ id, pos: { x: Math.fround(pos.x), y: Math.fround(pos.y) } }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
}

describe('the world state', () => {
  test('is a FlatBuffer that says where everything is', () => {
    const world = new World(schoolConfig({}), 3n);
    for (let tick = 0; tick < 200; tick++) world.step();
    const now = 1_700_000_000_123_456_789n;
    expect(decode(encodeWorldState(world, 'run-1', now))).toEqual({
      simulationId: 'run-1',
      tick: 200n,
      timestampNs: now,
      agents: asStored(world.fish),
      food: asStored(world.food),
    });
  });

  test('of an empty ocean is one too', () => {
    const world = new World(schoolConfig({ fish: 0, food: 0 }), 3n);
    expect(decode(encodeWorldState(world, 'run-1', 0n))).toMatchObject({ tick: 0n, agents: [], food: [] });
  });
});
