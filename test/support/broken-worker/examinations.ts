import { loadConfig } from '../../../src/adapters/yaml/load-config.ts';
import { examineWorkers } from '../../../src/conformance/conformance.ts';
import type { ConformanceReport, Outcome } from '../../../src/conformance/report.ts';
import { writeConfig } from '../daemon/daemon-config.ts';
import { brokenWorkerType, typeNameOf } from './worker-type.ts';

export interface ExaminationOptions {
  /** Absent: right workers. */
  readonly fault?: string;
  /** Absent: all checks. */
  readonly only?: readonly string[];
  /** An executable. */
  readonly natsServer: string;
  /** Workers at the same time. */
  readonly jobs: number;
}

/** What `shoal conformance` does, in this process. */
export async function examine({ fault, only, natsServer, jobs }: ExaminationOptions): Promise<ConformanceReport> {
  await using folder = await writeConfig({ workerTypes: [brokenWorkerType(fault)] });
  const { config } = loadConfig({ file: folder.configFile, environment: {} });
  return await examineWorkers({
    config,
    workerType: typeNameOf(fault),
    runConfig: {},
    environment: process.env,
    natsServer,
    ...(only === undefined ? {} : { only }),
    jobs,
    signal: new AbortController().signal,
    onResult: () => {},
  });
}

/** The checks with this outcome, and what was seen there: what a test that fails has to show. */
export function withOutcome({ checks }: ConformanceReport, outcome: Outcome): Record<string, string> {
  return Object.fromEntries(checks.filter((check) => check.outcome === outcome).map(({ id, seen }) => [id, seen]));
}
