import { describe, expect, test } from 'vitest';
import { COMMAND_NAMES, type CommandName } from '../../../../src/domain/command/command.ts';
import { demandAllowed, demandSupported, stateAfter } from '../../../../src/domain/command/command-policy.ts';
import { mayFollow } from '../../../../src/domain/simulation/lifecycle.ts';
import {
  isFinal,
  SIMULATION_STATES,
  type SimulationState,
} from '../../../../src/domain/simulation/simulation-state.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';

/** The table of contract section 5, its second column. */
const ALLOWED: Readonly<Record<CommandName, string>> = {
  pause: 'RUNNING',
  resume: 'PAUSED',
  step: 'PAUSED',
  reset: 'RUNNING, PAUSED',
  snapshot: 'RUNNING, PAUSED',
  agent_action: 'RUNNING, PAUSED',
  inject_agent: 'RUNNING, PAUSED',
  custom: 'RUNNING, PAUSED',
  set_speed: 'RUNNING, PAUSED',
  stop: 'PENDING, STARTING, RUNNING, PAUSED, STOPPING, RESTARTING, LOST',
};

const fish = fakeWorkerType('fish');
const plain = fakeWorkerType('plain', { registers: false });
const pairs = COMMAND_NAMES.flatMap((command) => SIMULATION_STATES.map((state) => [command, state] as const));

describe('the command policy', () => {
  test.each(pairs)('%s in %s is as the contract says', (command, state) => {
    const states = ALLOWED[command];
    if (states.split(', ').includes(state)) {
      expect(() => demandAllowed(command, state)).not.toThrow();
      return;
    }
    expect(thrownBy(() => demandAllowed(command, state))).toMatchObject({
      code: 'ILLEGAL_TRANSITION',
      message: `${command} is not possible in ${state}: ${isFinal(state) ? 'the run is over, start another' : `it is allowed in ${states}`}`,
      metadata: { command, state, allowed_in: states.replaceAll(', ', ',') },
    });
  });

  test('pause leads to PAUSED, resume to RUNNING, and all else changes no state', () => {
    const after: Partial<Record<CommandName, SimulationState>> = { pause: 'PAUSED', resume: 'RUNNING' };
    for (const command of COMMAND_NAMES) expect([command, stateAfter(command)]).toEqual([command, after[command]]);
  });

  test('leads only where the lifecycle allows', () => {
    for (const [command, state] of pairs) {
      const after = stateAfter(command);
      if (after !== undefined && ALLOWED[command].split(', ').includes(state))
        expect(mayFollow(state, after)).toBe(true);
    }
  });

  test.each(COMMAND_NAMES)('a worker that does not understand %s', (command) => {
    const supported = new Set(COMMAND_NAMES.filter((name) => name !== command));
    const refusal = thrownBy(() => demandSupported(command, supported, fish));
    if (command === 'stop' || command === 'reset') expect(refusal).toBeUndefined();
    else {
      expect(refusal).toMatchObject({
        code: 'CAPABILITY_UNSUPPORTED',
        metadata: { command, worker_type: 'fish' },
      });
    }
    expect(thrownBy(() => demandSupported(command, new Set([command]), fish))).toBeUndefined();
  });

  test.each(COMMAND_NAMES)('a worker that knows nothing of Shoal can only be stopped: %s', (command) => {
    const refusal = thrownBy(() => demandSupported(command, new Set(['stop']), plain));
    if (command === 'stop') expect(refusal).toBeUndefined();
    else expect(refusal).toMatchObject({ code: 'CAPABILITY_UNSUPPORTED' });
  });

  test('says what is supported instead', () => {
    expect(thrownBy(() => demandSupported('step', new Set(['resume', 'pause']), fish))).toMatchObject({
      message: 'worker type fish does not support step; it supports pause, resume',
    });
    expect(thrownBy(() => demandSupported('step', new Set(), plain))).toMatchObject({
      message: 'worker type plain does not support step; it supports none',
    });
  });
});

function thrownBy(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}
