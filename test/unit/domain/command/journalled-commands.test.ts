import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryCommandJournal } from '../../../../src/adapters/memory/in-memory-command-journal.ts';
import type { Command } from '../../../../src/domain/command/command.ts';
import type { ControlManyRequest } from '../../../../src/domain/command/control-simulations.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { ShoalError, toShoalError } from '../../../../src/domain/shoal-error.ts';
import type { JournalledRequest } from '../../../../src/ports/command-journal.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

const TYPES = [
  fakeWorkerType('kept', { config: { orphans: 'adopt' } }),
  fakeWorkerType('tied', { config: { orphans: 'end' } }),
  fakeWorkerType('stubborn', { config: { orphans: 'adopt' }, commands: ['pause', 'resume'] }),
];
const pause: Command = { name: 'pause' };
const step: Command = { name: 'step', ticks: 3n };

/** What a call came to so far. */
interface Watched {
  outcome?: unknown;
  message?: string;
}

let before: DomainUnderTest;
let after: DomainUnderTest;
beforeEach(() => {
  before = new DomainUnderTest({ types: TYPES });
});

function watch(call: Promise<unknown>): Watched {
  const watched: Watched = {};
  call.then(
    (answer) => {
      watched.outcome = answer;
    },
    (thrown) => {
      watched.outcome = toShoalError(thrown).code;
      watched.message = toShoalError(thrown).message;
    },
  );
  return watched;
}

async function control(
  domain: DomainUnderTest,
  simulationId: SimulationId,
  command: Command,
  { requestId = 'r', wait = true, fingerprint = command.name as string } = {},
): Promise<Watched> {
  const call = domain.control.run(anyone(), { simulationId, command, requestId, fingerprint, wait });
  const watched = watch(call);
  await settle();
  return watched;
}

/** The next daemon, up to where workers can reach it. */
async function killed(): Promise<void> {
  after = new DomainUnderTest({ types: TYPES, before });
  await after.registry.load();
  await after.recovery.settle();
  await after.journalled.open();
  after.recovery.resume();
}

const journalled = async () =>
  (await before.journal.list()).flatMap(({ progress }) =>
    progress.map(({ sent, result }) => [sent?.commandId, result]),
  );

describe('a command with a request id', () => {
  test('is written before it is sent, and what it came to afterwards', async () => {
    const id = await before.run();
    const sentWhenWritten: number[] = [];
    const { write } = before.journal;
    before.journal.write = async (...written) => {
      sentWhenWritten.push(before.channel.sent.length);
      await write.apply(before.journal, written);
    };
    await control(before, id, pause);
    const commandId = before.lastCommand().id;
    expect([sentWhenWritten, await journalled()]).toEqual([[0], [[commandId, undefined]]]);
    await before.acknowledge(before.lastCommand(), { tick: '9' });
    expect(await journalled()).toEqual([
      [commandId, { answer: expect.objectContaining({ state: 'PAUSED', tick: 9n }) }],
    ]);
    expect((await before.journal.list())[0]?.request).not.toHaveProperty('command');
  });

  test('is not sent when it cannot be written, and may be tried again', async () => {
    const id = await before.run();
    const { write } = before.journal;
    before.journal.write = () => Promise.reject(new ShoalError('BUS_UNAVAILABLE', 'the disk is full'));
    expect((await control(before, id, pause)).outcome).toBe('BUS_UNAVAILABLE');
    expect([before.channel.sent, before.state(id)]).toEqual([[], 'RUNNING']);
    before.journal.write = write;
    await control(before, id, pause);
    expect(before.channel.keys).toEqual(['pause']);
  });

  test('that was refused is forgotten, so that it may be tried again', async () => {
    const id = await before.run();
    before.channel.answer = async () => 'unreachable';
    expect((await control(before, id, pause)).outcome).toBe('WORKER_UNREACHABLE');
    expect((await control(before, id, step, { requestId: 's' })).outcome).toBe('ILLEGAL_TRANSITION');
    expect(await before.journal.list()).toEqual([]);
  });

  test('without a request id nothing is written', async () => {
    const id = await before.run();
    await control(before, id, pause, { requestId: '' });
    expect([before.channel.keys, await before.journal.list()]).toEqual([['pause'], []]);
  });

  test('that is sent by many at once is sent to the worker once', async () => {
    const id = await before.run();
    const calls = await Promise.all(Array.from({ length: 20 }, () => control(before, id, pause)));
    expect(before.channel.keys).toEqual(['pause']);
    await before.acknowledge(before.lastCommand());
    expect(new Set(calls.map(({ outcome }) => outcome)).size).toBe(1);
    expect(calls[0]?.outcome).toMatchObject({ phase: 'APPLIED', state: 'PAUSED' });
  });
});

describe('after the daemon was killed', () => {
  test('a command that was answered is answered as before, and not sent again', async () => {
    const id = await before.run();
    const first = await control(before, id, pause);
    await before.acknowledge(before.lastCommand(), { tick: '9', message: 'stands' });
    await killed();
    const again = await control(after, id, pause);
    expect(again.outcome).toEqual(first.outcome);
    expect(after.channel.sent).toEqual([]);
  });

  test('one that was under way is sent again under the same id to the adopted worker, and answered when that acknowledges', async () => {
    const id = await before.run();
    await control(before, id, pause);
    const { id: commandId } = before.lastCommand();
    await killed();
    const again = await control(after, id, pause);
    expect([after.lastCommand().id, after.channel.keys, again.outcome]).toEqual([commandId, ['pause'], undefined]);
    await after.clock.advance(1_000);
    expect(after.channel.sent.map((sent) => sent.id)).toEqual([commandId, commandId]);
    await after.acknowledge(after.lastCommand(), { tick: '12' });
    expect(again.outcome).toMatchObject({ commandId, phase: 'APPLIED', state: 'PAUSED', tick: 12n });
    expect(after.state(id)).toBe('PAUSED');
  });

  test('an acknowledgement that the worker resends completes it, though nobody asks, and the record follows', async () => {
    const id = await before.run();
    await control(before, id, pause);
    const sent = before.lastCommand();
    await killed();
    await after.acknowledge(sent, { tick: '12' });
    expect([after.state(id), after.channel.sent]).toEqual(['PAUSED', []]);
    expect((await control(after, id, pause)).outcome).toMatchObject({ commandId: sent.id, phase: 'APPLIED' });
  });

  test('an acknowledgement of a command that nobody remembers is no error', async () => {
    const id = await before.run();
    await control(before, id, pause, { requestId: '' });
    const sent = before.lastCommand();
    await killed();
    await after.acknowledge(sent);
    expect(after.state(id)).toBe('RUNNING');
  });

  test('of two that were under way, the later decides about the state, in whatever order they are acknowledged', async () => {
    const id = await before.run();
    await control(before, id, pause, { requestId: 'p', wait: false });
    const first = before.lastCommand();
    await before.clock.advance(10_000);
    await before.registry.change(id, (present) => ({ ...present, state: 'PAUSED' }));
    await control(before, id, { name: 'resume' }, { requestId: 'q', wait: false });
    const second = before.lastCommand();
    expect(second.key).toBe('orchestrator.control.resume');
    await killed();
    await after.acknowledge(second);
    await after.acknowledge(first);
    expect(after.state(id)).toBe('RUNNING');
  });

  test('one whose worker has ended is not known to be done: whoever asks is told so', async () => {
    const id = await before.run({ workerType: 'tied' });
    await control(before, id, pause);
    await killed();
    const again = await control(after, id, pause);
    expect(again.outcome).toBe('WORKER_UNREACHABLE');
    expect(again.message).toMatch(/the daemon was killed while pause .* it is not known whether it was done/);
    expect(after.channel.sent).toEqual([]);
  });

  test('one whose adopted worker ends then fails with how it ended', async () => {
    const id = await before.run();
    await control(before, id, pause);
    await killed();
    const again = await control(after, id, pause);
    after.program(id).exit({ signal: 'SIGSEGV' });
    await settle();
    expect(again.outcome).toBe('WORKER_UNREACHABLE');
    expect(again.message).toMatch(/the worker has ended: ended by SIGSEGV/);
  });

  test('the same id with another body is refused, whether the first is done or not', async () => {
    const id = await before.run();
    await control(before, id, pause);
    await control(before, id, { name: 'set_speed', ticksPerSecond: 1 }, { requestId: 'done' });
    await before.acknowledge(before.lastCommand());
    await killed();
    expect((await control(after, id, pause, { fingerprint: 'other' })).outcome).toBe('INVALID_ARGUMENT');
    expect((await control(after, id, pause, { requestId: 'done' })).outcome).toBe('INVALID_ARGUMENT');
    expect(after.channel.sent).toEqual([]);
  });

  test('a stop that had begun is joined, and one that had not is given anew', async () => {
    const [begun, unbegun] = [await before.run(), await before.run()];
    const stop: Command = { name: 'stop', force: false };
    const request: JournalledRequest = {
      scope: 'anonymous ControlSimulation',
      requestId: 'unbegun',
      simulationIds: [unbegun],
      fingerprint: 'stop',
      atMs: before.clock.nowMs(),
      command: stop,
    };
    const sent = { commandId: before.ids.eventId(), incarnation: 1 };
    await before.journal.write(request, { simulationId: unbegun, sent });
    await control(before, begun, stop, { requestId: 'begun' });
    await killed();
    expect((await control(after, begun, stop, { requestId: 'begun' })).outcome).toMatchObject({ state: 'STOPPED' });
    expect(after.state(unbegun)).toBe('RUNNING');
    await control(after, unbegun, stop, { requestId: 'unbegun' });
    expect(after.state(unbegun)).toBe('STOPPING');
  });

  test('a request for many means the same ones: answered, under way, and those that had not had their turn', async () => {
    const ids = [await before.run(), await before.run(), await before.run()] as const;
    const [done, underWay, waiting] = ids;
    // Holds up the third.
    await control(before, waiting, { name: 'reset' }, { requestId: '' });
    const request: ControlManyRequest = {
      simulationIds: ids,
      command: pause,
      requestId: 'm',
      fingerprint: 'many',
      straggler: { policy: 'WAIT' },
    };
    watch(before.controlMany.run(anyone(), request));
    await settle();
    const sentTo = (domain: DomainUnderTest, id: SimulationId) =>
      domain.channel.sent.filter(
        ({ workerId, key }) => workerId === domain.worker(id).id && key === 'orchestrator.control.pause',
      );
    const [toDone] = sentTo(before, done);
    if (toDone === undefined) throw new Error('nothing was sent');
    await before.acknowledge(toDone, { tick: '5' });
    await killed();
    const again = watch(after.controlMany.run(anyone(), request));
    await settle();
    expect(sentTo(after, done)).toEqual([]);
    expect(sentTo(after, underWay).map(({ id }) => id)).toEqual(sentTo(before, underWay).map(({ id }) => id));
    expect([sentTo(before, waiting).length, sentTo(after, waiting).length]).toEqual([0, 1]);
    for (const sent of [...after.channel.sent]) await after.acknowledge(sent, { tick: '6' });
    expect(again.outcome).toMatchObject([
      { simulationId: done, answer: { phase: 'APPLIED', tick: 5n } },
      { simulationId: underWay, answer: { phase: 'APPLIED', tick: 6n } },
      { simulationId: waiting, answer: { phase: 'APPLIED', tick: 6n } },
    ]);
  });

  test('what is older than an hour is not remembered', async () => {
    const id = await before.run();
    await control(before, id, pause);
    await before.acknowledge(before.lastCommand());
    await before.clock.advance(3_600_000);
    await killed();
    expect((await control(after, id, { name: 'resume' }, { requestId: 'r' })).outcome).toBeUndefined();
    expect(after.channel.keys).toEqual(['resume']);
  });
});

test('what a worker has done is recorded when the registry takes it again', async () => {
  const journal = new InMemoryCommandJournal();
  const domain = new DomainUnderTest({ journal });
  const id = await domain.run();
  const call = await control(domain, id, pause);
  const change = domain.registry.change.bind(domain.registry);
  domain.registry.change = () => Promise.reject(new ShoalError('BUS_UNAVAILABLE', 'NATS is away'));
  await domain.acknowledge(domain.lastCommand());
  await domain.clock.advance(3_000);
  expect([call.outcome, domain.state(id)]).toEqual([undefined, 'RUNNING']);
  domain.registry.change = change;
  await domain.clock.advance(1_000);
  expect([call.outcome, domain.state(id)]).toMatchObject([{ phase: 'APPLIED', state: 'PAUSED' }, 'PAUSED']);
});
