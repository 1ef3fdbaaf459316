import { randomInt } from 'node:crypto';
import type { CommandName } from '../behaviour/commands.ts';
import type { Answer } from '../messages.ts';
import type { Faults } from './fault.ts';

/** Changes what it answers to one command. */
function answering(one: CommandName, change: (answer: Answer, tickBefore: number) => Answer | undefined) {
  return {
    answer: (name: CommandName, answer: Answer, tickBefore: number) =>
      name === one ? change(answer, tickBefore) : answer,
  };
}

const LONG_PAUSE_MS = 800;

export const commandFaults: Faults = {
  'pause-stops-the-tick': {
    it: 'makes one more tick when it has been paused for a moment',
    does: { wakesAfterMs: (paused) => (paused === 'by command' ? 100 : undefined) },
  },
  'resume-goes-on': {
    it: 'acknowledges a resume after a long pause and does not go on',
    does: { resumes: (leftAloneMs) => leftAloneMs < LONG_PAUSE_MS },
  },
  'step-is-exact': {
    it: 'makes a tick too many in a step of several',
    does: { step: (ticks) => ({ ticks: ticks > 1 ? ticks + 1 : 1, afterAnswer: 0 }) },
  },
  'step-is-exact/early': {
    it: 'acknowledges a step of five or more before its last tick',
    does: {
      step: (ticks) => ({ ticks: Math.max(1, ticks), afterAnswer: ticks < 5 ? 0 : 1 }),
    },
  },
  'step-is-exact/told': {
    it: 'tells the tick from before it when it acknowledges a step of five',
    does: answering('step', (answer, tickBefore) =>
      Number(answer.tick) - tickBefore === 5 ? { ...answer, tick: tickBefore } : answer,
    ),
  },
  'step-zero-is-one': {
    it: 'makes no tick for a step of 0',
    does: { step: (ticks) => ({ ticks, afterAnswer: 0 }) },
  },
  'reset-begins-at-zero': {
    it: 'acknowledges a reset with the tick from before it',
    does: answering('reset', (answer, tickBefore) => ({ ...answer, tick: tickBefore })),
  },
  'same-seed-same-events': {
    it: 'begins each reset with a seed of its own',
    does: { seedOfReset: () => BigInt(randomInt(2 ** 32)) },
  },
  'obeys-once': {
    it: 'does a step again that comes again',
    does: { remembers: (command) => command !== 'step' },
  },
  'obeys-once/silent': {
    it: 'does not acknowledge again a command that comes again',
    does: { answerAgain: () => undefined },
  },
  'obeys-once/refuses': {
    it: 'refuses a command that comes again',
    does: { answerAgain: (answer) => ({ ...answer, ok: false, code: 6, message: 'that was done already' }) },
  },
  'acknowledges-by-correlation': {
    it: 'does not say in which state it is when it acknowledges a pause',
    does: answering('pause', ({ state, ...answer }) => answer),
  },
  'refuses-what-it-does-not-know': {
    it: 'acknowledges a command that it does not know',
    does: answering('custom', (answer) => ({ ...answer, ok: true, code: 0 })),
  },
  'refuses-what-it-does-not-know/silent': {
    it: 'does not answer to a command that it does not know',
    does: answering('custom', () => undefined),
  },
  'refuses-what-it-does-not-know/code': {
    it: 'refuses a command that it does not know without a code',
    does: answering('custom', (answer) => ({ ...answer, code: 0 })),
  },
  'outlives-a-broken-command': {
    it: 'exits when a command cannot be read',
    does: { unreadable: 'exit' },
  },
  'outlives-a-broken-command/deaf': {
    it: 'hears no more commands after one that cannot be read',
    does: { unreadable: 'hear no more' },
  },
  'answers-agent-actions': {
    it: 'does not answer to the action of an agent that does not exist',
    does: answering('agent_action', (answer) => (answer.ok === false ? undefined : answer)),
  },
  'keeps-its-speed': {
    it: 'runs at five times the speed that it is told',
    does: { speed: (ticksPerSecond) => ticksPerSecond * 5 },
  },
  'keeps-its-speed/ignores': {
    it: 'acknowledges another speed and keeps its own',
    does: { speed: (ticksPerSecond) => (ticksPerSecond === 0 ? 0 : 50) },
  },
  'answers-inject-agent': {
    it: 'does not answer when an agent is injected',
    does: answering('inject_agent', () => undefined),
  },
};
