/**
 * Ceiling of what subscribers get: a bare grpc-js server that writes the same bytes to all of them, as fast as they are taken.
 * Prints a {@link CeilingRun} as JSON; the server stands in the daemon's place.
 *
 *   node -C source bench/ceilings/grpc-fanout.ts --subscribers 1 [--seconds 2]
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Crowd } from '../fanout/crowd.ts';
import { endChild, firstLine, startNode } from '../support/child.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import { type CeilingRun, perEvent } from './ceiling-run.ts';

const { values } = parseArgs({
  options: { subscribers: { type: 'string', default: '1' }, seconds: { type: 'string', default: '2' } },
});
const subscribers = Number(values.subscribers);
const server = startNode(new URL('grpc-fanout-server.ts', import.meta.url), []);
try {
  const address = `127.0.0.1:${await firstLine(server)}`;
  const run = async (seconds: number): Promise<CeilingRun> => {
    const cpuBefore = (await processCpuSeconds(server.pid ?? -1)) ?? Number.NaN;
    const startedMs = performance.now();
    const crowd = new Crowd({ address, path: '/bench/Subscribe', token: '' }, Buffer.alloc(0), subscribers);
    await delay(seconds * 1_000);
    const { delivered, cpuSeconds } = await crowd.count(0, { patienceMs: 0 });
    const elapsedSeconds = (performance.now() - startedMs) / 1_000;
    const serverCpu = ((await processCpuSeconds(server.pid ?? -1)) ?? Number.NaN) - cpuBefore;
    crowd.close();
    return {
      perSecond: delivered / elapsedSeconds,
      events: delivered,
      // Each writes until it is left: there is no number that it could fall short of.
      lost: 0,
      senderCpuMicros: perEvent(cpuSeconds, delivered),
      serverCpuMicros: perEvent(serverCpu, delivered),
    };
  };
  await run(Number(values.seconds) / 4);
  console.log(JSON.stringify(await run(Number(values.seconds))));
} finally {
  await endChild(server);
}
