import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/sqlite.ts';

afterEach(() => vi.restoreAllMocks());

test('of what Node says while SQLite is loaded, only that it is experimental is not passed on', async () => {
  const heard: string[] = [];
  const listen = ({ name, message }: Error) => void heard.push(`${name}: ${message}`);
  process.on('warning', listen);
  const { emitWarning, getBuiltinModule } = process;
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) => {
    // What Node 22 says; the others are made up.
    process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
    process.emitWarning('SQLite is old', 'DeprecationWarning');
    process.emitWarning('Something else is an experimental feature', 'ExperimentalWarning');
    return getBuiltinModule(name) as never;
  });
  using database = openDatabase(':memory:');
  expect(database.prepare('SELECT 1 AS one').get()).toEqual({ one: 1 });
  expect(process.emitWarning).toBe(emitWarning);
  await turn();
  process.off('warning', listen);
  expect(heard).toEqual([
    'DeprecationWarning: SQLite is old',
    'ExperimentalWarning: Something else is an experimental feature',
  ]);
});
