import type { RateCase } from '../cases.ts';
import { LOAD_MODES, type LoadMode } from '../load/load-plan.ts';
import { ADAPTERS, type Adapter, RUST_WORKER } from '../stage.ts';
import { type IngestSettings, runIngest } from './ingest-run.ts';

/** Unary, one event a message and batches; not logged and logged; over both adapters. */
const modeCases = ADAPTERS.flatMap((adapter) =>
  LOAD_MODES.flatMap((mode) =>
    [false, true].map((logged) => ingestCase(mode, { adapter, worker: 'load', mode, logged })),
  ),
);

/** A worker on the library in Rust, which reports in batches. */
const rustCases = ADAPTERS.flatMap((adapter) =>
  [false, true].map((logged) => ingestCase(RUST_WORKER, { adapter, worker: RUST_WORKER, mode: 'batch', logged })),
);

export const ingestCases: readonly RateCase[] = [...modeCases, ...rustCases];

function ingestCase(way: string, settings: Omit<IngestSettings, 'seconds'>): RateCase {
  const { adapter, mode, logged } = settings;
  return {
    kind: 'rate',
    name: `ingest/${adapter}/${way}/${logged ? 'logged' : 'unlogged'}`,
    ceilings: ceilingsOf(adapter, mode, logged),
    run: async (stage, seconds) => {
      await runIngest(stage, { ...settings, seconds: seconds / 4 });
      return runIngest(stage, { ...settings, seconds });
    },
  };
}

/** Batches over NATS are held against NATS itself; everything else against the gRPC calls that carry it. */
function ceilingsOf(adapter: Adapter, mode: LoadMode, logged: boolean): readonly string[] {
  if (adapter === 'memory' || mode !== 'batch') return [`ceiling/grpc-${mode}`];
  return logged ? ['ceiling/nats-publish', 'ceiling/nats-append'] : ['ceiling/nats-publish'];
}
