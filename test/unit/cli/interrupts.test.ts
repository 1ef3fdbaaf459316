import { expect, test, vi } from 'vitest';
import { Interrupts } from '../../../src/cli/interrupts.ts';

let nowMs = 0;
const clock = () => nowMs;

/** Longer than the echo of one. */
function later(): void {
  nowMs += 201;
}

test('the first interrupt aborts, the second ends the process', () => {
  const exit = vi.fn();
  const interrupts = new Interrupts(exit, clock);
  expect([interrupts.signal.aborted, interrupts.exitCode]).toEqual([false, undefined]);
  interrupts.raise('SIGINT');
  expect([interrupts.signal.aborted, interrupts.exitCode]).toEqual([true, 130]);
  expect(exit).not.toHaveBeenCalled();
  later();
  interrupts.raise('SIGTERM');
  expect(exit).toHaveBeenCalledWith(130);
});

test('an interrupt and its echoes are one', () => {
  const exit = vi.fn();
  const interrupts = new Interrupts(exit, clock);
  interrupts.raise('SIGINT');
  for (let echoes = 0; echoes < 5; echoes += 1) {
    nowMs += 100;
    interrupts.raise('SIGINT');
  }
  expect(exit).not.toHaveBeenCalled();
  later();
  interrupts.raise('SIGINT');
  expect(exit).toHaveBeenCalledWith(130);
});

test('a closed pipe is no failure, however often it is told', () => {
  const exit = vi.fn();
  const interrupts = new Interrupts(exit, clock);
  for (let writes = 0; writes < 3; writes += 1) interrupts.raise('EPIPE');
  expect([interrupts.signal.aborted, interrupts.exitCode]).toEqual([true, 0]);
  expect(exit).not.toHaveBeenCalled();
});

test('a command that takes over hears of everything and decides its end itself', () => {
  const exit = vi.fn();
  const interrupts = new Interrupts(exit, clock);
  const handler = { interrupted: vi.fn(), crashed: vi.fn() };
  interrupts.takeOver(handler);
  interrupts.raise('SIGTERM');
  later();
  interrupts.raise('SIGINT');
  expect(handler.interrupted.mock.calls).toEqual([
    ['SIGTERM', 1],
    ['SIGINT', 2],
  ]);
  const error = new Error('boom');
  interrupts.crash(error);
  expect(handler.crashed).toHaveBeenCalledWith(error);
  expect([interrupts.exitCode, exit.mock.calls]).toEqual([undefined, []]);
});
