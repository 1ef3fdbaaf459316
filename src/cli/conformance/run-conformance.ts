import { HOW_TO_GET_NATS_SERVER, lookUpNatsServer } from '../../adapters/nats/nats-server-binary.ts';
import { printable } from '../../adapters/yaml/config-path.ts';
import { loadConfig } from '../../adapters/yaml/load-config.ts';
import { nearest } from '../../adapters/yaml/suggestion.ts';
import { examineWorkers } from '../../conformance/conformance.ts';
import { type CheckResult, type ConformanceReport, conforms } from '../../conformance/report.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { sendConsoleTo } from '../console-output.ts';
import { EXIT } from '../exit-code.ts';
import { escapeUnsafe } from '../printable-text.ts';
import { readPlainRunConfig } from '../run-config.ts';
import { hasColours, styleOf } from '../style.ts';
import { Progress } from './progress.ts';
import { reportJson } from './report-json.ts';
import { reportText } from './report-text.ts';

/** What the flags of `shoal conformance` say. */
export interface ConformanceWish {
  readonly type: string;
  readonly config?: string;
  readonly runConfig?: string;
  readonly set?: readonly [string, string][];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly report: 'text' | 'json';
  readonly jobs: number;
  readonly natsServer?: string;
}

/** @throws CliError with exit code 1 when a check failed or could not be run */
export async function runConformance(host: CliHost, wish: ConformanceWish): Promise<void> {
  sendConsoleTo(host.stderr);
  const { config, file } = loadConfig({ file: wish.config, environment: host.environment });
  demandType(
    wish.type,
    config.workerTypes.map(({ name }) => name),
    file,
  );
  const runConfig = (await readPlainRunConfig(host, wish.runConfig, wish.set)) ?? {};
  const server = natsServer(host, wish.natsServer);
  const progress = new Progress(host);
  let report: ConformanceReport;
  try {
    report = await examineWorkers({
      config,
      workerType: wish.type,
      runConfig,
      environment: host.environment,
      natsServer: server,
      ...(wish.only === undefined ? {} : { only: wish.only }),
      ...(wish.skip === undefined ? {} : { skip: wish.skip }),
      jobs: wish.jobs,
      signal: host.interrupts.signal,
      onResult: (result: CheckResult, done: number, total: number) => progress.tell(result, done, total),
    });
  } catch (thrown) {
    if (thrown instanceof ShoalError && thrown.code === 'INVALID_ARGUMENT')
      throw new CliError(EXIT.invalidConfig, `no worker of type ${wish.type} can be launched: ${thrown.message}`);
    throw thrown;
  } finally {
    progress.end();
  }
  if (host.interrupts.signal.aborted) return;
  const style = styleOf(hasColours(host.stdout, host.environment));
  const text =
    wish.report === 'json' ? escapeUnsafe(JSON.stringify(reportJson(report), undefined, 2)) : reportText(report, style);
  host.stdout.write(`${text}\n`);
  const lacks = server === undefined && lacksNats(report);
  if (!conforms(report)) throw new CliError(EXIT.failed, '', lacks ? { hint: NATS_HINT } : {});
}

const NATS_HINT = `The checks that need a nats-server were not run. ${HOW_TO_GET_NATS_SERVER}
Name one with --nats-server, or leave these checks out with --skip.`;

function lacksNats({ checks }: ConformanceReport): boolean {
  return checks.some(({ outcome, seen }) => outcome === 'not_run' && /nats-server/.test(seen));
}

function natsServer({ environment }: CliHost, named: string | undefined): string | undefined {
  if (named === undefined) return lookUpNatsServer(environment)?.path;
  try {
    return lookUpNatsServer({ NATS_SERVER_BIN: named })?.path;
  } catch {
    throw new CliError(EXIT.usage, `--nats-server: ${printable(named)} is no executable file`);
  }
}

function demandType(name: string, known: readonly string[], file: string): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const hint =
    near === undefined ? `It has ${known.map(printable).join(', ') || 'none'}.` : `(Did you mean ${printable(near)}?)`;
  throw new CliError(EXIT.invalidConfig, `${printable(file)} has no worker type ${printable(name)}`, { hint });
}
