import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { BatchWindow } from './batch-window.ts';
import type { Gate } from './gate.ts';
import { goWrong } from './misbehaviour.ts';
import { scriptedEvents } from './recipe.ts';
import type { FakeWorkerScript } from './script.ts';
import type { Service } from './service.ts';

/** One way of reporting; `drained` resolves when all that was sent is acknowledged. */
interface Way {
  send(envelopes: Buffer[]): Promise<void>;
  drained(): Promise<void>;
  close(): Promise<void>;
}

/** Reports all events of the script at its pace, and returns when the last is acknowledged. */
export async function reportAll(
  script: FakeWorkerScript,
  service: Service,
  gate: Gate,
  onReported: (events: number) => void,
): Promise<void> {
  const way = wayOf(script, service);
  const moments = [script.crash?.at, script.hang?.at].filter((at) => typeof at === 'number');
  let turnMs = 0;
  let waiting: Buffer[] = [];
  let reported = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await gate.pass();
    // What was late is not caught up with: the pace is never exceeded.
    const waitMs = turnMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const rate = script.events_per_second ?? 0;
    if (rate > 0) turnMs = performance.now() + (waiting.length / rate) * 1_000;
    await way.send(waiting);
    waiting = [];
    onReported(reported);
  };
  for (const { bytes } of scriptedEvents(script, service.ids)) {
    waiting.push(bytes);
    reported += 1;
    const isMoment = moments.includes(reported);
    if (isMoment || waiting.length >= (script.batch_size ?? 50)) await flush();
    if (!isMoment) continue;
    await way.drained();
    await goWrong(script, reported);
  }
  await flush();
  await way.close();
}

function wayOf({ report = 'batches' }: FakeWorkerScript, service: Service): Way {
  if (report === 'batches') return new BatchWindow(service);
  return report === 'stream' ? streamWay(service) : unaryWay(service);
}

function streamWay(service: Service): Way {
  const stream = service.report('stream');
  let sent = 0;
  let processed = 0;
  stream.on('data', (answer) => {
    processed = Number(answer.processed);
  });
  const drained = async (): Promise<void> => {
    while (processed < sent) await once(stream, 'data');
  };
  return {
    drained,
    send: async (envelopes) => {
      for (const envelope of envelopes) {
        sent += 1;
        if (!stream.write(envelope)) await once(stream, 'drain');
      }
    },
    close: async () => {
      await drained();
      const ended = once(stream, 'status');
      stream.end();
      await ended;
    },
  };
}

function unaryWay(service: Service): Way {
  return {
    send: async (envelopes) => {
      for (const envelope of envelopes) await service.reportEvent(envelope);
    },
    drained: async () => {},
    close: async () => {},
  };
}
