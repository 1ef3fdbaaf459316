import { describe, expect, test } from 'vitest';
import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { CommandInbox, type CommandInboxOptions } from '../../../src/worker/command-inbox.ts';
import { CommandMemory } from '../../../src/worker/command-memory.ts';

const { tree } = loadProtos();
const { StepCommand } = tree.fes.orchestration.v1;

function envelope(
  eventId: string,
  eventTypeKey: string,
  eventPayload: Buffer = Buffer.alloc(0),
): GenericEventRequestOutput {
  const { GenericEventRequest } = tree.fes.common.events;
  return GenericEventRequest.deserialize(GenericEventRequest.serialize({ eventId, eventTypeKey, eventPayload }));
}

/** An inbox whose acknowledgements are JSON, numbered in the order they were encoded. */
function inbox(supported?: CommandInboxOptions['supported']) {
  const reported: { readonly id: string; readonly ack: { readonly code: number } }[] = [];
  let encoded = 0;
  const commands = new CommandInbox({
    ...(supported === undefined ? {} : { supported }),
    encode: (answer) => Buffer.from(JSON.stringify({ ...answer, encoded: ++encoded })),
    report: (id, ack) => reported.push({ id, ack: JSON.parse(Buffer.from(ack).toString()) }),
  });
  return { commands, reported };
}

async function next(from: CommandInbox) {
  const { value } = await from.commands.next();
  if (value === undefined) throw new Error('no command');
  return value;
}

describe('the command inbox', () => {
  test('gives a command out once, and answers it again, the same, when it comes again', async () => {
    const { commands, reported } = inbox();
    commands.receive(envelope('c1', 'orchestrator.control.step', StepCommand.serialize({ ticks: 3 })));
    const command = await next(commands);
    expect(command).toMatchObject({ id: 'c1', name: 'step', ticks: 3 });
    command.acknowledge({ tick: 3 });
    commands.receive(envelope('c1', 'orchestrator.control.step', StepCommand.serialize({ ticks: 3 })));
    expect(commands.commands.length).toBe(0);
    expect(reported).toEqual([
      { id: 'c1', ack: { ok: true, code: 0, tick: 3, encoded: 1 } },
      { id: 'c1', ack: { ok: true, code: 0, tick: 3, encoded: 1 } },
    ]);
  });

  test('does not give a command out again that is still being done', async () => {
    const { commands, reported } = inbox();
    commands.receive(envelope('c1', 'orchestrator.control.pause'));
    const command = await next(commands);
    commands.receive(envelope('c1', 'orchestrator.control.pause'));
    expect(commands.commands.length).toBe(0);
    expect(reported).toEqual([]);
    command.refuse('not now');
    expect(reported).toMatchObject([{ id: 'c1', ack: { ok: false, code: 9, message: 'not now' } }]);
  });

  test('refuses by itself what the worker does not support, what it cannot decode and what it does not know', () => {
    const { commands, reported } = inbox(new Set(['pause', 'step']));
    commands.receive(envelope('c1', 'orchestrator.control.resume'));
    commands.receive(envelope('c2', 'orchestrator.control.step', Buffer.from([0xff])));
    commands.receive(envelope('c3', 'orchestrator.control.assign'));
    commands.receive(envelope('c4', 'my.own.command'));
    expect(commands.commands.length).toBe(0);
    expect(reported.map(({ id, ack }) => [id, ack.code])).toEqual([
      ['c1', 12],
      ['c2', 3],
      ['c3', 12],
      ['c4', 12],
    ]);
  });

  test('refuses more when thousands wait already', () => {
    const { commands, reported } = inbox();
    for (let i = 0; i < 5_000; i++) commands.receive(envelope(`c${i}`, 'orchestrator.control.pause'));
    expect(commands.commands.length).toBe(4_096);
    expect(reported[0]).toMatchObject({ id: 'c4096', ack: { ok: false, code: 8 } });
  });

  test('takes two answers to one command for the programming error that it is', async () => {
    const { commands, reported } = inbox();
    commands.receive(envelope('c1', 'orchestrator.control.pause'));
    const command = await next(commands);
    command.acknowledge();
    expect(() => command.acknowledge()).toThrow(/c1 has been answered already/);
    expect(reported).toHaveLength(1);
  });
});

describe('the command memory', () => {
  test('knows what is new, unanswered and answered', () => {
    const memory = new CommandMemory<string>(10);
    expect(memory.see('a')).toBe('new');
    expect(memory.see('a')).toBe('unanswered');
    memory.answer('a', 'done');
    expect(memory.see('a')).toEqual({ answer: 'done' });
  });

  test('forgets the oldest, and never remembers more than its capacity', () => {
    const memory = new CommandMemory<string>(2);
    for (const id of ['a', 'b', 'c']) {
      memory.see(id);
      memory.answer(id, `${id} done`);
    }
    expect(memory.see('c')).toEqual({ answer: 'c done' });
    expect(memory.see('b')).toEqual({ answer: 'b done' });
    expect(memory.see('a')).toBe('new');
  });

  test('one that is under way is not forgotten, however many come after it', () => {
    const memory = new CommandMemory<string>(1);
    memory.see('long step');
    for (const id of ['a', 'b', 'c']) {
      memory.see(id);
      memory.answer(id, 'done');
    }
    expect(memory.see('long step')).toBe('unanswered');
    memory.answer('long step', 'at last');
    expect(memory.see('long step')).toEqual({ answer: 'at last' });
    memory.answer('nobody', 'nothing');
    expect(memory.see('nobody')).toBe('new');
  });
});
