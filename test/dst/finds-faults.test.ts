import { describe, expect, test } from 'vitest';
import type { World } from './harness/world.ts';
import { runSeed } from './run-seed.ts';

const MAX_SEEDS = 200;

/** What the first seed that fails in a world with this fault complains of. */
async function findingOf(prepare: (world: World) => void): Promise<string> {
  for (let seed = 1; seed <= MAX_SEEDS; seed += 1) {
    const { thrown } = await runSeed(seed, { prepare });
    if (thrown !== undefined) return String(thrown);
  }
  return `nothing in ${MAX_SEEDS} seeds`;
}

describe('a world with a fault is found out:', () => {
  test('a log that loses what it has acknowledged', async () => {
    const finding = await findingOf(({ events }) => {
      const store = events.store.bind(events);
      events.store = (entry, timeMs) => {
        const stored = store(entry, timeMs);
        if (stored.sequence % 5 === 0) events.entries.pop();
        return stored;
      };
    });
    expect(finding).toMatch(/is lost|got .* logged is|gap/);
  });

  test('a log that stores an event twice', async () => {
    const finding = await findingOf(({ events }) => {
      const store = events.store.bind(events);
      events.store = (entry, timeMs) => {
        store({ ...entry, eventId: `${entry.eventId}-again` }, timeMs);
        return store(entry, timeMs);
      };
    });
    expect(finding).toMatch(/in the log twice/);
  });

  test('a registry that forgets a record that it has taken', async () => {
    const finding = await findingOf(({ records }) => {
      const all = records.all.bind(records);
      records.all = () => all().slice(1);
    });
    expect(finding).toMatch(/a watcher has|has started 2 simulations|was answered|is alive|no worker is left/);
  });

  test('a machine whose processes do not die of SIGKILL', async () => {
    const finding = await findingOf(({ machine }) => {
      const start = machine.start.bind(machine);
      machine.start = (plan) => {
        const process = start(plan);
        process.signal = () => {};
        return process;
      };
    });
    expect(finding).toMatch(/while .* is alive|are over within|happens any more within|and nobody notices/);
  });
});
