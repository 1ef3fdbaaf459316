import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { GRPC_STATUS } from '../../../src/adapters/grpc/status-codes.ts';
import { ERROR_CODES } from '../../../src/domain/error-code.ts';
import { SIMULATION_REASONS } from '../../../src/domain/simulation/simulation.ts';
import { SIMULATION_STATES } from '../../../src/domain/simulation/simulation-state.ts';

/** The first cells of the rows of all tables in a page whose first cell is in UPPER_SNAKE case. */
function rows(page: string): string[][] {
  return readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) => /^\| [A-Z][A-Z_, ]+ \|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('docs/errors.md lists every reason with its gRPC status, and no other', () => {
  const documented = Object.fromEntries(rows('docs/errors.md').map(([reason, grpc]) => [reason, grpc]));
  const real = Object.fromEntries(ERROR_CODES.map((code) => [code, status[GRPC_STATUS[code]]]));
  expect(documented).toEqual(real);
});

test('docs/errors.md gives every reason a cause and a cure', () => {
  for (const [, , cause, cure] of rows('docs/errors.md')) expect(cause && cure).toMatch(/\w{3}/);
});

test('docs/states.md explains every state and every reason, and no other', () => {
  const named = rows('docs/states.md').flatMap(([names = '']) => names.split(', '));
  const real = [...SIMULATION_STATES, ...SIMULATION_REASONS];
  expect(named.toSorted()).toEqual(real.toSorted());
});
