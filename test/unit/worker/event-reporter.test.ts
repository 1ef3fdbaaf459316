import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { encodeEnvelope } from '../../../src/worker/envelope-encoder.ts';
import { EventReporter } from '../../../src/worker/event-reporter.ts';

const { ReportEventBatchesRequest } = loadProtos().tree.fes.orchestration.v1;
const limits = { maxBatchEvents: 3, maxBatchBytes: 10_000, maxInFlightBatches: 2 };

function reporter() {
  return new EventReporter({ lingerMs: 5, maxEvents: 100, maxBytes: 100_000 });
}

/** A stream that notes which events came in which batch. */
function stream() {
  const batches: string[][] = [];
  const send = (bytes: Buffer) => {
    batches.push(ReportEventBatchesRequest.deserialize(bytes).events.map(({ eventId }) => eventId));
  };
  return { batches, send };
}

function report(to: EventReporter, ordinal: number, urgent = false): void {
  const envelope = encodeEnvelope({
    eventId: `e${ordinal}`,
    key: 'sim.x.v1',
    payload: new Uint8Array(),
    timestampNs: 0n,
    workerId: '',
    simulationId: '',
    contentType: '',
    correlationId: '',
    attributes: {},
    ordinal,
  });
  to.report(envelope, ordinal, urgent);
}

describe('the event reporter', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('lets the first event of a batch wait for company, and no longer than the linger', () => {
    const events = reporter();
    const { batches, send } = stream();
    events.attach(send, limits, 0);
    report(events, 1);
    vi.advanceTimersByTime(4);
    report(events, 2);
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(batches).toEqual([['e1', 'e2']]);
  });

  test('sends a full batch at once, and what is left of it after the linger', () => {
    const events = reporter();
    const { batches, send } = stream();
    events.attach(send, limits, 0);
    for (let ordinal = 1; ordinal <= 4; ordinal++) report(events, ordinal);
    expect(batches).toEqual([['e1', 'e2', 'e3']]);
    vi.advanceTimersByTime(5);
    expect(batches).toEqual([['e1', 'e2', 'e3'], ['e4']]);
  });

  test('sends an urgent event, and those before it, at once', () => {
    const events = reporter();
    const { batches, send } = stream();
    events.attach(send, limits, 0);
    report(events, 1);
    report(events, 2, true);
    expect(batches).toEqual([['e1', 'e2']]);
    report(events, 3);
    expect(batches).toHaveLength(1);
  });

  test('waits with what is due while as many batches as allowed are in flight, then sends without linger', () => {
    const events = reporter();
    const { batches, send } = stream();
    events.attach(send, limits, 0);
    for (let ordinal = 1; ordinal <= 7; ordinal++) report(events, ordinal);
    vi.advanceTimersByTime(5);
    expect(batches).toHaveLength(2);
    events.acknowledge(1);
    expect(batches.at(-1)).toEqual(['e7']);
  });

  test('keeps events while there is no stream, and a new one begins with all that was not acknowledged', () => {
    const events = reporter();
    const first = stream();
    events.attach(first.send, limits, 0);
    for (let ordinal = 1; ordinal <= 6; ordinal++) report(events, ordinal);
    events.acknowledge(1);
    events.detach();
    report(events, 7);
    vi.advanceTimersByTime(100);
    const second = stream();
    events.attach(second.send, limits, 0);
    expect(first.batches).toEqual([
      ['e1', 'e2', 'e3'],
      ['e4', 'e5', 'e6'],
    ]);
    expect(second.batches).toEqual([['e4', 'e5', 'e6'], ['e7']]);
  });

  test('a new stream begins after the ordinal that Shoal names', () => {
    const events = reporter();
    events.attach(stream().send, limits, 0);
    for (let ordinal = 1; ordinal <= 3; ordinal++) report(events, ordinal);
    const second = stream();
    events.attach(second.send, limits, 2);
    expect(second.batches).toEqual([['e3']]);
  });
});
