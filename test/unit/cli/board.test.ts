import { expect, test } from 'vitest';
import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { SimulationOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/Simulation.ts';
import { Board } from '../../../src/cli/demo/board.ts';
import { boardTable, commandLine, statusLine } from '../../../src/cli/demo/board-view.ts';
import { styleOf } from '../../../src/cli/style.ts';

test('population is how many agents told of the last tick that is complete', () => {
  const board = new Board(['reef']);
  for (const agent of ['a', 'b', 'b', 'c']) board.event(event('reef', 1, agent));
  expect(board.row('reef')).toMatchObject({ tick: 1, agents: undefined, someAgent: 'c' });
  board.event(event('reef', 2, 'a'));
  expect(board.row('reef')).toMatchObject({ tick: 2, agents: 3, someAgent: 'a' });
  // A tick in which nobody told of itself says nothing of how many there are.
  board.event(event('reef', 3));
  board.event(event('reef', 4));
  expect(board.row('reef')?.agents).toBe(1);
});

test('a tick may go back, as after a reset; other runs and events without a tick are left alone', () => {
  const board = new Board(['reef']);
  board.event(event('reef', 90, 'a'));
  board.event(event('reef', 1, 'a'));
  board.event(event('elsewhere', 7, 'a'));
  board.event({ ...event('reef', 1), attributes: {} });
  expect(board.rows).toMatchObject([{ id: 'reef', tick: 1 }]);
});

test('events a second are taken from the records, every half a second', () => {
  const board = new Board(['reef']);
  board.record(simulation('reef', 0), 1_000);
  board.record(simulation('reef', 50), 1_100);
  expect(board.row('reef')).toMatchObject({ events: 50, eventsPerSecond: 0, history: [] });
  board.record(simulation('reef', 500), 1_500);
  board.record(simulation('reef', 1_500), 2_500);
  expect(board.row('reef')).toMatchObject({ state: 'RUNNING', eventsPerSecond: 1_000, history: [1_000, 1_000] });
  expect(board.events).toBe(1_500);
});

test('the board as a table, as a line, and its commands', () => {
  const board = new Board(['reef', 'kelp']);
  board.record(simulation('reef', 0), 0);
  board.record(simulation('reef', 2_000), 1_000);
  board.event(event('reef', 3, 'a'));
  board.event(event('reef', 4, 'a'));
  const style = styleOf(false);
  expect(boardTable(style, board, { sparks: true }).split('\n')).toEqual([
    'SIMULATION  STATE       TICK  AGENTS    EVENTS  EVENTS/S',
    'reef        RUNNING        4       1     2,000     2,000  █',
    'kelp        PENDING        0                 0         0',
  ]);
  expect(statusLine(board)).toBe('reef RUNNING tick 4, 2,000 events/s, 1 agents | kelp PENDING tick 0, 0 events/s');
  const command = { atMs: 4_000, text: 'shoal pause reef', outcome: undefined, failed: false };
  expect(commandLine(style, command)).toMatch(/^ 4\.0 s {2}shoal pause reef +…$/);
  expect(commandLine(style, { ...command, outcome: 'PAUSED' })).toMatch(/ {2}PAUSED$/);
});

function event(simulationId: string, tick: number, agent?: string): GenericEventRequestOutput {
  const attributes = { tick: String(tick), ...(agent === undefined ? {} : { agent_id: agent }) };
  return { simulationId, attributes } as unknown as GenericEventRequestOutput;
}

function simulation(simulationId: string, events: number): SimulationOutput {
  return {
    simulationId,
    state: 'SIMULATION_STATE_RUNNING',
    eventsReceived: String(events),
  } as unknown as SimulationOutput;
}
