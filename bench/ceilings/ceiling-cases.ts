import type { LatencyCase, RateCase } from '../cases.ts';
import { SUBSCRIBERS } from '../fanout/subscribers.ts';
import { LOAD_MODES } from '../load/load-plan.ts';
import { runForJson } from '../support/child.ts';
import type { Latencies } from '../support/latencies.ts';
import type { CeilingRun } from './ceiling-run.ts';

/** Each is a program of its own, started for every run. */
export const ceilingCases: readonly (RateCase | LatencyCase)[] = [
  rateCeiling('nats-publish', 'nats-publish.ts', []),
  rateCeiling('nats-append', 'nats-append.ts', []),
  ...SUBSCRIBERS.map((count) =>
    rateCeiling(`grpc-fanout-${count}`, 'grpc-fanout.ts', ['--subscribers', String(count)]),
  ),
  ...LOAD_MODES.map((mode) => rateCeiling(`grpc-${mode}`, 'grpc-echo.ts', ['--mode', mode])),
  rateCeiling('nats-lockstep', 'nats-lockstep.ts', []),
  rateCeiling('grpc-lockstep', 'grpc-lockstep.ts', []),
  latencyCeiling('nats-request', 'nats-request.ts'),
  latencyCeiling('grpc-request', 'grpc-request.ts'),
];

function latencyCeiling(name: string, file: string): LatencyCase {
  return {
    kind: 'latency',
    name: `ceiling/${name}`,
    ceilings: [],
    run: async () => ({ '': await runForJson<Latencies>(new URL(file, import.meta.url), []) }),
  };
}

function rateCeiling(name: string, file: string, args: readonly string[]): RateCase {
  return {
    kind: 'rate',
    name: `ceiling/${name}`,
    ceilings: [],
    run: async (_stage, seconds) => {
      const program = new URL(file, import.meta.url);
      const run = await runForJson<CeilingRun>(program, [...args, '--seconds', String(seconds)]);
      const { perSecond, events, lost, senderCpuMicros: sender, serverCpuMicros: server } = run;
      const isNats = name.startsWith('nats');
      return {
        perSecond,
        events,
        lost,
        cpuMicros: { sender, receiver: isNats ? null : server, natsServer: isNats ? server : null },
      };
    },
  };
}
