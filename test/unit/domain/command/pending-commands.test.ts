import { beforeEach, describe, expect, test } from 'vitest';
import { ProtobufMessageCodec } from '../../../../src/adapters/grpc/protobuf-message-codec.ts';
import { PendingCommands } from '../../../../src/domain/command/pending-commands.ts';
import { parseWorkerId } from '../../../../src/domain/ids.ts';
import { commandAck } from '../../../support/fakes/messages.ts';
import { settle } from '../../../support/fakes/settle.ts';

const w1 = parseWorkerId('w-1');
const w2 = parseWorkerId('w-2');

describe('pending commands', () => {
  let pending: PendingCommands;
  beforeEach(() => {
    pending = new PendingCommands(new ProtobufMessageCodec());
  });

  const acknowledge = (workerId: typeof w1, commandId: string, payload: Uint8Array = commandAck({ ok: true })) =>
    pending.acknowledge({ workerId, commandId, payload });

  async function stateOf(promise: Promise<unknown>): Promise<string> {
    let state = 'pending';
    promise.then(
      () => {
        state = 'acknowledged';
      },
      (thrown) => {
        state = thrown.code;
      },
    );
    await settle();
    return state;
  }

  test('are joined to their acknowledgements by worker and command', async () => {
    const first = pending.open(w1, 'c-1');
    const second = pending.open(w1, 'c-2');
    const other = pending.open(w2, 'c-1');
    acknowledge(w1, 'c-1', commandAck({ ok: true, tick: '7', message: 'done' }));
    expect(await first).toMatchObject({ ok: true, tick: 7n, message: 'done', code: 0 });
    expect([await stateOf(second), await stateOf(other)]).toEqual(['pending', 'pending']);
  });

  test('take the first acknowledgement; the rest, and those of nobody, are ignored', async () => {
    const first = pending.open(w1, 'c-1');
    acknowledge(w1, 'c-1', commandAck({ ok: true, tick: '1' }));
    acknowledge(w1, 'c-1', commandAck({ ok: false, code: 9 }));
    acknowledge(w1, 'never sent');
    acknowledge(w1, '');
    expect((await first).tick).toBe(1n);
  });

  test('refuse what is no acknowledgement, and go on waiting', async () => {
    const first = pending.open(w1, 'c-1');
    expect(() => acknowledge(w1, 'c-1', Uint8Array.of(0x0a, 0xff))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
    expect(await stateOf(first)).toBe('pending');
    acknowledge(w1, 'c-1');
    expect(await stateOf(first)).toBe('acknowledged');
  });

  test('of a worker that has ended fail, those of others do not', async () => {
    const mine = [pending.open(w1, 'c-1'), pending.open(w1, 'c-2')];
    const other = pending.open(w2, 'c-3');
    const failures = Promise.allSettled(mine);
    pending.workerEnded(w1, 'exited 3 after 120 ms');
    expect(await failures).toEqual(
      Array(2).fill({
        status: 'rejected',
        reason: expect.objectContaining({
          code: 'WORKER_UNREACHABLE',
          message: 'the worker has ended: exited 3 after 120 ms',
        }),
      }),
    );
    expect(await stateOf(other)).toBe('pending');
  });

  test('are bounded for each worker: the oldest is given up', async () => {
    const oldest = pending.open(w1, 'c-0');
    const others = Array.from({ length: 1_023 }, (_, at) => pending.open(w1, `c-${at + 1}`));
    void pending.open(w2, 'x');
    expect(await stateOf(oldest)).toBe('pending');
    void pending.open(w1, 'one more');
    expect([await stateOf(oldest), await stateOf(others[0] as Promise<unknown>)]).toEqual([
      'CAPACITY_EXHAUSTED',
      'pending',
    ]);
  });

  test('that are abandoned are answered no more, and make room', async () => {
    const abandoned = pending.open(w1, 'c-1');
    pending.abandon(w1, 'c-1');
    pending.abandon(w1, 'c-1');
    acknowledge(w1, 'c-1');
    expect(await stateOf(abandoned)).toBe('pending');
  });
});
