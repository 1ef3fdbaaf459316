import { printable } from '../../adapters/yaml/config-path.ts';
import { SECTIONS, type Section } from '../../conformance/check.ts';
import { type CheckResult, type ConformanceReport, count, type Outcome } from '../../conformance/report.ts';
import { printableOutput } from '../printable-text.ts';
import type { Style } from '../style.ts';

const MARKS: Readonly<Record<Outcome, string>> = { passed: '✓', failed: '✗', not_applicable: '–', not_run: '?' };

/** For people: the checks by section, and for each that failed what was expected, what was seen, and what to change. */
export function reportText(report: ConformanceReport, style: Style): string {
  const sections = Map.groupBy(report.checks, ({ section }) => section);
  const blocks = [...sections].map(([section, checks]) =>
    [style.bold(SECTIONS[section].title), ...checks.flatMap((check) => lines(check, style))].join('\n'),
  );
  return [...blocks, summary(report, style)].join('\n\n');
}

function lines(check: CheckResult, style: Style): string[] {
  const { id, title, outcome, seen } = check;
  const colour = { passed: style.green, failed: style.red, not_applicable: style.dim, not_run: style.yellow }[outcome];
  const head = `  ${colour(MARKS[outcome])} ${id}  ${style.dim(title)}`;
  if (outcome === 'passed') return [head];
  if (outcome !== 'failed') return [`${head}: ${printable(seen)}`];
  return [head, ...failure(check, style).map((line) => `      ${line}`)];
}

function failure({ section, seen, expected, fix, output }: CheckResult, style: Style): string[] {
  return [
    `${style.bold('expected')}  ${printable(expected)}`,
    `${style.bold('seen')}      ${printable(seen)}`,
    ...(output.length === 0
      ? []
      : [`${style.bold('it wrote')}  ${output.slice(-4).map(printableOutput).join('\n                ')}`]),
    `${style.bold('to do')}     ${fix} See ${docsOf(section)}`,
  ];
}

function docsOf(section: Section): string {
  return `docs/workers.md#${SECTIONS[section].anchor}.`;
}

function summary(report: ConformanceReport, style: Style): string {
  const failed = count(report, 'failed');
  const notRun = count(report, 'not_run');
  const others = [
    [count(report, 'not_applicable'), 'not applicable'],
    [notRun, 'not run'],
  ] as const;
  const rest = others.filter(([number]) => number > 0).map(([number, what]) => `, ${number} ${what}`);
  const verdict = `worker type ${printable(report.workerType)}: ${count(report, 'passed')} passed, ${failed} failed${rest.join('')}`;
  return failed + notRun === 0 ? style.green(verdict) : style.red(verdict);
}
