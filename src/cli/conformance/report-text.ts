import { printable } from '../../adapters/yaml/config-path.ts';
import { SECTIONS, type Section } from '../../conformance/check.ts';
import { type CheckResult, type ConformanceReport, count, type Outcome } from '../../conformance/report.ts';
import { printableOutput } from '../printable-text.ts';
import type { Style } from '../style.ts';

const MARKS: Readonly<Record<Outcome, string>> = { passed: '✓', failed: '✗', not_applicable: '–', not_run: '?' };

/** For people: the checks by section, and for each that failed what was expected, what was seen, and what to change. */
export function reportText(report: ConformanceReport, style: Style): string {
  const sections = Map.groupBy(report.checks, ({ section }) => section);
  const quoted = new Set<string>();
  const blocks = [...sections].map(([section, checks]) =>
    [style.bold(SECTIONS[section].title), ...checks.flatMap((check) => lines(check, style, quoted))].join('\n'),
  );
  return [...blocks, summary(report, style)].join('\n\n');
}

/** @param quoted what workers wrote; one that no check could be run with is not quoted for each of them */
function lines(check: CheckResult, style: Style, quoted: Set<string>): string[] {
  const { id, title, outcome, seen } = check;
  const colour = { passed: style.green, failed: style.red, not_applicable: style.dim, not_run: style.yellow }[outcome];
  const head = `  ${colour(MARKS[outcome])} ${id}  ${style.dim(title)}`;
  if (outcome === 'passed') return [head];
  const said = itWrote(check, style);
  const isNews = !quoted.has(said.join());
  quoted.add(said.join());
  if (outcome === 'failed') return [head, ...failure(check, style).map(indented)];
  return [`${head}: ${printable(seen)}`, ...(isNews ? said : []).map(indented)];
}

function failure(check: CheckResult, style: Style): string[] {
  const { section, seen, expected, fix } = check;
  return [
    `${style.bold('expected')}  ${printable(expected)}`,
    `${style.bold('seen')}      ${printable(seen)}`,
    ...itWrote(check, style),
    `${style.bold('to do')}     ${fix} See ${docsOf(section)}`,
  ];
}

function itWrote({ output }: CheckResult, style: Style): string[] {
  if (output.length === 0) return [];
  return [`${style.bold('it wrote')}  ${output.slice(-4).map(printableOutput).join('\n                ')}`];
}

function indented(line: string): string {
  return `      ${line}`;
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
