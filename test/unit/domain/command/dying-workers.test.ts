import { beforeEach, expect, test } from 'vitest';
import type { Command } from '../../../../src/domain/command/command.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { toShoalError } from '../../../../src/domain/shoal-error.ts';
import { NEVER_RESTARTED } from '../../../../src/domain/supervision/never-restarted.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

const TYPES = [
  fakeWorkerType('fish'),
  fakeWorkerType('restarted', {
    config: { restart: { ...NEVER_RESTARTED, policy: 'on-failure', maxRestarts: 5 } },
  }),
];
const pause: Command = { name: 'pause' };
const reset: Command = { name: 'reset' };

let domain: DomainUnderTest;
beforeEach(() => {
  domain = new DomainUnderTest({ types: TYPES });
});

/** What a call came to: its code and message, or its phase; undefined while it is under way. */
function control(simulationId: SimulationId, command: Command, requestId = ''): { outcome?: string } {
  const watched: { outcome?: string } = {};
  domain.control.run(anyone(), { simulationId, command, requestId, fingerprint: command.name, wait: true }).then(
    ({ phase }) => {
      watched.outcome = phase;
    },
    (thrown) => {
      const { code, message } = toShoalError(thrown);
      watched.outcome = `${code}: ${message}`;
    },
  );
  return watched;
}

test.each([
  ['fish', { code: 3 }, 'exited 3', 'FAILED'],
  ['fish', { signal: 'SIGKILL' }, 'ended by SIGKILL', 'FAILED'],
  ['restarted', { code: 3 }, 'exited 3', 'RESTARTING'],
] as const)('a command to a %s that ends (%o) fails at once, and says how', async (workerType, exit, how, state) => {
  const id = await domain.run({ workerType });
  const call = control(id, pause, 'r');
  await settle();
  domain.program(id).write('the tank leaks');
  domain.program(id).exit(exit);
  await settle();
  expect(call.outcome).toMatch(new RegExp(`^WORKER_UNREACHABLE: the worker has ended: ${how} after .*the tank leaks`));
  expect(domain.state(id)).toBe(state);
});

test('that of a worker that ends while the command is on its way is not waited for', async () => {
  const id = await domain.run();
  domain.channel.answer = () => new Promise(() => {});
  const call = control(id, pause);
  await settle();
  domain.program(id).exit({ code: 9 });
  await settle();
  expect(call.outcome).toMatch(/^WORKER_UNREACHABLE: the worker has ended: exited 9/);
});

test('a worker that acknowledges before the delivery is confirmed has done it', async () => {
  const id = await domain.run();
  domain.channel.answer = () => new Promise(() => {});
  const call = control(id, pause);
  await settle();
  await domain.acknowledge(domain.lastCommand());
  expect([call.outcome, domain.state(id)]).toEqual(['APPLIED', 'PAUSED']);
});

test('a command that waits behind it is judged by the state that it meets, and not sent to a later worker', async () => {
  const id = await domain.run({ workerType: 'restarted' });
  const calls = [control(id, reset), control(id, pause, 'r')];
  await settle();
  domain.program(id).exit({ code: 3 });
  await settle();
  expect(calls.map(({ outcome }) => outcome)).toEqual([
    expect.stringMatching(/^WORKER_UNREACHABLE: the worker has ended: exited 3/),
    expect.stringMatching(/^ILLEGAL_TRANSITION: pause is not possible in RESTARTING/),
  ]);
  await domain.clock.advance(2_000);
  await domain.register(id);
  expect([domain.channel.keys, domain.state(id), await domain.journal.list()]).toEqual([['reset'], 'RUNNING', []]);
  const again = control(id, pause, 'r');
  await settle();
  await domain.acknowledge(domain.lastCommand());
  expect(again.outcome).toBe('APPLIED');
});

test('a command to a simulation whose worker is about to be replaced is refused by its state', async () => {
  const id = await domain.run({ workerType: 'restarted' });
  domain.program(id).exit({ code: 3 });
  await settle();
  const call = control(id, pause);
  await settle();
  expect(call.outcome).toMatch(/^ILLEGAL_TRANSITION: pause is not possible in RESTARTING/);
});

test('a command that was given up by its caller is undone by nobody: a late acknowledgement is recorded', async () => {
  const id = await domain.run();
  const call = control(id, pause);
  await domain.clock.advance(10_000);
  expect(call.outcome).toMatch(/^TIMED_OUT: .*it may still take effect/);
  await domain.acknowledge(domain.lastCommand());
  expect(domain.state(id)).toBe('PAUSED');
});
