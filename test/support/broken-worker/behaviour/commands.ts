import type { Answer } from '../messages.ts';

/** As in `supported_commands`. */
export type CommandName =
  | 'pause'
  | 'resume'
  | 'step'
  | 'reset'
  | 'stop'
  | 'agent_action'
  | 'inject_agent'
  | 'custom'
  | 'set_speed'
  | 'snapshot';

export interface CommandBehaviour {
  /** What it answers; undefined: nothing. @param tickBefore where it stood when the command came */
  answer(command: CommandName, answer: Answer, tickBefore: number): Answer | undefined;
  /** What it answers to a command that it has answered before. */
  answerAgain(answer: Answer): Answer | undefined;
  /** Knows a command again that it has done. */
  remembers(command: CommandName): boolean;
  /** What it does about a payload that cannot be decoded. */
  readonly unreadable: 'refuse' | 'exit' | 'hear no more';
  /** How many ticks it makes for a step, and how many of them after the answer. */
  step(ticks: number): { readonly ticks: number; readonly afterAnswer: number };
  /** A resume makes it go on. @param leftAloneMs since the command before */
  resumes(leftAloneMs: number): boolean;
  /** What the world begins with after a reset. */
  seedOfReset(seed: bigint): bigint;
  /** @param ticksPerSecond 0: as fast as it can */
  speed(ticksPerSecond: number): number;
}

export const rightCommands: CommandBehaviour = {
  answer: (_, answer) => answer,
  answerAgain: (answer) => answer,
  remembers: () => true,
  unreadable: 'refuse',
  step: (ticks) => ({ ticks: Math.max(1, ticks), afterAnswer: 0 }),
  resumes: () => true,
  seedOfReset: (seed) => seed,
  speed: (ticksPerSecond) => ticksPerSecond,
};
