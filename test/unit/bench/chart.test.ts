import { expect, test } from 'vitest';
import type { BenchReport, Figure } from '../../../bench/figures.ts';
import { chartOf } from '../../../bench/report/chart.ts';

function rate(name: string, perSecond: number, ceilings: readonly string[] = []): Figure {
  const best = { perSecond, events: 1, lost: 0, cpuMicros: { receiver: null, sender: null, natsServer: null } };
  const ofCeilings = ceilings.map((ceiling) => ({ ceiling, share: 1 }));
  return { kind: 'rate', name, best, runs: [best], ofCeilings };
}

function latency(name: string, p50: number, p99: number, ceilings: readonly string[] = []): Figure {
  const ofCeilings = ceilings.map((ceiling) => ({ ceiling, p50: 1, p99: 1 }));
  return { kind: 'latency', name, latencies: { count: 1, p50, p99, max: p99 }, ofCeilings };
}

function chart(figures: readonly Figure[]): string {
  const machine = {
    cpu: 'A & <B>',
    cores: 2,
    platform: 'x',
    node: 'v24',
    natsServer: null,
    loadAverage: [0, 0],
  } as const;
  const settings = { seconds: 1, rounds: 1, payloadBytes: 1 };
  const report: BenchReport = { at: '2026-11-23T10:00:00Z', durationSeconds: 1, machine, settings, figures };
  return chartOf(report);
}

/** Of the marks of one class, from top to bottom. */
function centres(svg: string, mark: string): number[] {
  return [...svg.matchAll(new RegExp(`class="${mark}" cx="([\\d.]+)"`, 'g'))].map(([, x]) => Number(x));
}

test('a tenfold rate is as far to the right of a rate as that is of its tenth', () => {
  const [one = 0, ten = 0, hundred = 0] = centres(
    chart([rate('a', 1_000), rate('b', 10_000), rate('c', 100_000)]),
    'own',
  );
  expect(ten).toBeGreaterThan(one);
  expect(hundred - ten).toBeCloseTo(ten - one, 1);
});

test('a ceiling is a ring at its own value on the line of what it bounds, and has no line of its own', () => {
  const svg = chart([rate('ceiling/x', 90_000), rate('case', 90_000, ['ceiling/x']), rate('low', 2_000)]);
  expect(centres(svg, 'bound')).toEqual(centres(svg, 'own').slice(0, 1));
  expect(svg).not.toContain('>ceiling/x<');
});

test('latencies have a dot for p50 and a ring for p99', () => {
  const svg = chart([latency('c', 0.5, 9), latency('ceiling/r', 0.4, 1), latency('d', 0.4, 0.4, ['ceiling/r'])]);
  const [first = 0, second = 0] = centres(svg, 'own');
  const [far = 0] = centres(svg, 'far');
  expect(far).toBeGreaterThan(first);
  expect(centres(svg, 'bound')).toEqual([second]);
  expect(svg).toContain('0.50 / 9.0');
});

test('text is escaped, and a panel without figures is left out', () => {
  const svg = chart([rate('a<b>', 5)]);
  expect(svg).toContain('a&lt;b>');
  expect(svg).toContain('A &amp; &lt;B>');
  expect(svg).not.toContain('Milliseconds');
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});
