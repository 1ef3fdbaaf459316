import type { RateCase } from '../cases.ts';
import { LOAD_MODES, type LoadMode } from '../load/load-plan.ts';
import { ADAPTERS, type Adapter } from '../stage.ts';
import { runIngest } from './ingest-run.ts';

/** Unary, one event a message and batches; not logged and logged; over both adapters. */
export const ingestCases: readonly RateCase[] = ADAPTERS.flatMap((adapter) =>
  LOAD_MODES.flatMap((mode) =>
    [false, true].map((logged): RateCase => {
      return {
        kind: 'rate',
        name: `ingest/${adapter}/${mode}/${logged ? 'logged' : 'unlogged'}`,
        ceilings: ceilingsOf(adapter, mode, logged),
        run: async (stage, seconds) => {
          await runIngest(stage, { adapter, mode, logged, seconds: seconds / 4 });
          return runIngest(stage, { adapter, mode, logged, seconds });
        },
      };
    }),
  ),
);

/** Batches over NATS are held against NATS itself; everything else against the gRPC calls that carry it. */
function ceilingsOf(adapter: Adapter, mode: LoadMode, logged: boolean): readonly string[] {
  if (adapter === 'memory' || mode !== 'batch') return [`ceiling/grpc-${mode}`];
  return logged ? ['ceiling/nats-publish', 'ceiling/nats-append'] : ['ceiling/nats-publish'];
}
