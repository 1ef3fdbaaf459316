import { EventEmitter, getEventListeners } from 'node:events';
import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { EventCalls } from '../../../src/adapters/grpc/event-calls.ts';
import type { ReportEventStreamResponse } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReportEventStreamResponse.ts';
import { envelope } from '../../support/daemon/envelopes.ts';
import { settle } from '../../support/fakes/settle.ts';

const LIMIT = 64;

/** As much of a call of grpc-js as the streams use. */
class FakeCall extends EventEmitter {
  readonly metadata = new Metadata();
  readonly errors: unknown[] = [];

  constructor(token?: string) {
    super();
    if (token !== undefined) this.metadata.set('authorization', `Bearer ${token}`);
    this.on('error', (error) => this.errors.push(error));
  }
  pause(): void {}
  resume(): void {}
  write(): boolean {
    return true;
  }
  /** The peer is gone. */
  close(): void {
    this.emit('cancelled');
    this.emit('close');
  }
}

function streamsOf({ tokensRequired }: { readonly tokensRequired: boolean }) {
  const revoked = new AbortController();
  const worker = { workerId: 'w', simulationId: 's', revoked: revoked.signal };
  const receipt = { rejected: [], logged: 1, lastSequence: 1 };
  const calls = new EventCalls({
    intake: { accept: async () => receipt },
    authentication: { ingestWorker: () => worker },
    tokensRequired: () => tokensRequired,
    limits: () => ({ maxInFlightBatches: 4 }),
    onFailure: () => {},
  } as never);
  const handle = calls.reportEventStream();
  const open = (call: FakeCall): FakeCall => {
    handle(call as unknown as ServerDuplexStream<Buffer, ReportEventStreamResponse>);
    return call;
  };
  return { open, listeners: () => getEventListeners(revoked.signal, 'abort').length };
}

test('a stream beyond the limit of its worker is refused, and leaves nothing behind on the worker', () => {
  const { open, listeners } = streamsOf({ tokensRequired: true });
  const held = Array.from({ length: LIMIT }, () => open(new FakeCall('t')));
  const surplus = Array.from({ length: 10 }, () => open(new FakeCall('t')));
  expect(surplus.flatMap(({ errors }) => errors)).toHaveLength(10);
  for (const call of surplus) call.close();
  expect(listeners()).toBe(LIMIT);
  for (const call of held) call.close();
  expect(listeners()).toBe(0);
});

test('without tokens the limit holds from the first event on, which says whose the stream is', async () => {
  const { open, listeners } = streamsOf({ tokensRequired: false });
  const calls = Array.from({ length: LIMIT + 1 }, () => open(new FakeCall()));
  for (const call of calls) call.emit('data', envelope({ eventTypeKey: 'sim.a.v1', sourceWorkerId: 'w' }));
  await settle();
  expect(calls.map(({ errors }) => errors.length)).toEqual([...Array(LIMIT).fill(0), 1]);
  expect(listeners()).toBe(LIMIT);
});
