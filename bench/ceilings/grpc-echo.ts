/**
 * Ceiling of what workers report over gRPC: bare grpc-js, raw buffers, server and client in separate processes, the
 * same load as Shoal gets. Prints a {@link CeilingRun} as JSON.
 *
 *   node -C source bench/ceilings/grpc-echo.ts --mode unary|stream|batch [--seconds 2]
 */
import { parseArgs } from 'node:util';
import { LOAD_MODES, runLoad } from '../load/load-plan.ts';
import { endChild, firstLine, startNode } from '../support/child.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import { type CeilingRun, perEvent } from './ceiling-run.ts';
import { pathToMethod } from './grpc-echo-methods.ts';

const { values } = parseArgs({ options: { mode: { type: 'string' }, seconds: { type: 'string', default: '2' } } });
const mode = LOAD_MODES.find((each) => each === values.mode);
if (mode === undefined) throw new Error(`--mode is one of ${LOAD_MODES.join(', ')}`);

const server = startNode(new URL('grpc-echo-server.ts', import.meta.url), []);
try {
  const port = await firstLine(server);
  // The token is as long as a worker's.
  const target = { address: `127.0.0.1:${port}`, path: pathToMethod(mode), token: 'x'.repeat(43) };
  const shape = { key: 'bench.unlogged.v1', workerId: 'load-xxxxxxxxxxxx', simulationId: 'load-xxxxxxxxxxxx' };
  await runLoad(target, shape, { mode, seconds: Number(values.seconds) / 4 });
  const cpuBefore = (await processCpuSeconds(server.pid ?? -1)) ?? Number.NaN;
  const outcome = await runLoad(target, shape, { mode, seconds: Number(values.seconds) });
  const serverCpu = ((await processCpuSeconds(server.pid ?? -1)) ?? Number.NaN) - cpuBefore;
  const run: CeilingRun = {
    perSecond: outcome.acknowledged / outcome.seconds,
    events: outcome.sent,
    lost: outcome.sent - outcome.acknowledged,
    senderCpuMicros: perEvent(outcome.cpuSeconds, outcome.sent),
    serverCpuMicros: perEvent(serverCpu, outcome.sent),
  };
  console.log(JSON.stringify(run));
} finally {
  await endChild(server);
}
