import { beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '../../../../src/domain/command/command.ts';
import type { ErrorCode } from '../../../../src/domain/error-code.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { ShoalError, toShoalError } from '../../../../src/domain/shoal-error.ts';
import type { Delivery } from '../../../../src/ports/command-channel.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

const TYPES = [fakeWorkerType('kept', { config: { orphans: 'adopt' } })];
const pause: Command = { name: 'pause' };
const step: Command = { name: 'step', ticks: 3n };

let domain: DomainUnderTest;
let id: SimulationId;
beforeEach(async () => {
  domain = new DomainUnderTest({ types: TYPES });
  id = await domain.run({ startPaused: true });
});

/** What a call came to; undefined while it goes on. */
type Outcome = () => unknown;

function watch(call: Promise<unknown>): Outcome {
  let outcome: unknown;
  call.then(
    (answer) => {
      outcome = answer;
    },
    (thrown) => {
      outcome = toShoalError(thrown).code;
    },
  );
  return () => outcome;
}

async function control(of: DomainUnderTest, command: Command = step, requestId = 'r'): Promise<Outcome> {
  const request = { simulationId: id, command, requestId, fingerprint: command.name, wait: true };
  const outcome = watch(of.control.run(anyone(), request));
  await settle();
  return outcome;
}

/** The next daemon, up to where workers can reach it. */
async function killed(): Promise<DomainUnderTest> {
  const after = new DomainUnderTest({ types: TYPES, before: domain });
  await after.registry.load();
  await after.recovery.settle();
  await after.journalled.open();
  after.recovery.resume();
  return after;
}

const ids = () => domain.channel.sent.map((sent) => sent.id);
const away = new ShoalError('BUS_UNAVAILABLE', 'NATS is away');

/** How a delivery may fail without anybody knowing whether it was one. */
const DOUBTS: readonly (readonly [what: string, answer: () => Promise<Delivery>, told: ErrorCode])[] = [
  ['over a bus that has broken', () => Promise.reject(away), 'BUS_UNAVAILABLE'],
  ['on a stream that was not confirmed', async () => 'in doubt', 'WORKER_UNREACHABLE'],
];

describe.each(DOUBTS)('a command whose delivery failed %s', (_what, fails, told) => {
  let commandId: string | undefined;
  beforeEach(async () => {
    domain.channel.answer = fails;
    expect((await control(domain))()).toBe(told);
    domain.channel.answer = async () => 'delivered';
    [commandId] = ids();
  });

  test('goes out under the same id when its request comes again, so that the worker does it once', async () => {
    const again = await control(domain);
    expect(ids()).toEqual([commandId, commandId]);
    await domain.acknowledge(domain.lastCommand(), { tick: '3' });
    expect(again()).toMatchObject({ commandId, phase: 'APPLIED', tick: 3n });
  });

  test('is not sent again when it was delivered after all and acknowledged', async () => {
    await domain.acknowledge(domain.lastCommand(), { tick: '3' });
    expect((await control(domain))()).toMatchObject({ commandId, phase: 'APPLIED', tick: 3n });
    expect(ids()).toEqual([commandId]);
  });

  test('is known to the next daemon', async () => {
    const after = await killed();
    await control(after);
    expect(after.channel.sent.map((sent) => sent.id)).toEqual([commandId]);
  });

  test('with its worker gone is not given to the next one', async () => {
    domain.program(id).exit({ signal: 'SIGSEGV' });
    await settle();
    expect((await control(domain))()).toBe('WORKER_UNREACHABLE');
    expect(ids()).toEqual([commandId]);
  });

  test('refuses another request under its id', async () => {
    expect((await control(domain, { name: 'resume' }))()).toBe('INVALID_ARGUMENT');
  });

  test('is forgotten after an hour: the same request is then a new one', async () => {
    await domain.acknowledge(domain.lastCommand(), { tick: '3' });
    await domain.clock.advance(3_600_000);
    await control(domain);
    expect(ids()).toEqual([commandId, expect.not.stringMatching(`^${commandId}$`)]);
  });
});

test.each([
  ['that nobody listened for', async (): Promise<Delivery> => 'unreachable', 'WORKER_UNREACHABLE'],
  [
    'that was too large',
    () => Promise.reject(new ShoalError('INVALID_ARGUMENT', 'command: too large')),
    'INVALID_ARGUMENT',
  ],
])('a command %s was not sent: the same request is a new one', async (_what, answer, told) => {
  domain.channel.answer = answer;
  expect((await control(domain))()).toBe(told);
  expect(await domain.journal.list()).toEqual([]);
  domain.channel.answer = async () => 'delivered';
  await control(domain);
  const [first, second] = ids();
  expect(second).not.toBe(first);
});

test('of many, one in doubt is sent again as long as the request is waited for', async () => {
  domain.channel.answer = async () => 'in doubt';
  const request = {
    simulationIds: [id],
    command: step,
    requestId: 'm',
    fingerprint: 'm',
    straggler: { policy: 'WAIT' },
  } as const;
  const call = watch(domain.controlMany.run(anyone(), request));
  await settle();
  const [commandId] = ids();
  expect([call(), ids()]).toEqual([undefined, [commandId, commandId]]);
  await domain.acknowledge(domain.lastCommand(), { tick: '3' });
  expect(call()).toMatchObject([{ answer: { commandId, phase: 'APPLIED' } }]);
});

test('an answer of the daemon before is forgotten after its hour: the same request is then a new one', async () => {
  const resume: Command = { name: 'resume' };
  await control(domain, resume);
  await domain.acknowledge(domain.lastCommand());
  const after = await killed();
  await after.register(id);
  expect((await control(after, resume))()).toMatchObject({ phase: 'APPLIED' });
  await control(after, pause, 'p');
  await after.acknowledge(after.lastCommand());
  await after.clock.advance(3_600_000);
  const again = await control(after, resume);
  expect([after.channel.keys, again()]).toEqual([['pause', 'resume'], undefined]);
});
