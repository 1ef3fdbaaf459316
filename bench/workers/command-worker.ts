/**
 * A worker on the public library that obeys every command at once, and reports events at a steady rate all the while:
 * what a command meets on its way in a run that is at work.
 *
 * Configuration: `{ "events_per_second": 20000, "key": "bench.unlogged.v1" }`; 0, the default: no events.
 */
import { connectWorker, type Worker } from 'shoal/worker';
import { PAYLOAD_BYTES } from '../load/load-plan.ts';
import { Pacer } from './pacer.ts';

const worker = await connectWorker({ sdk: 'shoal-bench/1' });
const { events_per_second: perSecond = 0, key = 'bench.unlogged.v1' } = worker.config.json as {
  events_per_second?: number;
  key?: string;
};
const pacer = new Pacer(perSecond, (count) => report(worker, count));
for await (const command of worker.commands()) {
  if (command.name === 'stop') pacer.stop();
  command.acknowledge();
  if (command.name === 'stop') break;
}
await worker.close();

async function report(to: Worker, count: number): Promise<void> {
  const payload = Buffer.alloc(PAYLOAD_BYTES);
  for (let at = 0; at < count; at += 1) await to.emit({ key, payload });
}
