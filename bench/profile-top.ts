/**
 * Where a CPU profile's time went, by function and by package, without what was idle.
 *
 *   node -C source bench/profile-top.ts FILE.cpuprofile [--top 25] [--skip SECONDS of its beginning]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** As V8 writes it: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const NOT_WORK = new Set(['(idle)', '(root)']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { top: { type: 'string', default: '25' }, skip: { type: 'string', default: '0' } },
});
const [file] = positionals;
if (file === undefined) throw new Error('name a .cpuprofile');
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;

const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
const byFunction = new Map<string, number>();
const byPlace = new Map<string, number>();
let total = 0;
let elapsed = 0;
samples.forEach((id, at) => {
  const frame = frames.get(id);
  const micros = timeDeltas[at] ?? 0;
  elapsed += micros;
  if (elapsed < Number(values.skip) * 1_000_000) return;
  if (frame === undefined || NOT_WORK.has(frame.functionName)) return;
  total += micros;
  const where = shortened(frame.url);
  add(byFunction, `${frame.functionName || '(anonymous)'}  ${where}:${frame.lineNumber + 1}`, micros);
  add(byPlace, placeOf(where) || frame.functionName, micros);
});
print('by place', byPlace, 12);
print('by function, itself', byFunction, Number(values.top));

function add(to: Map<string, number>, key: string, micros: number): void {
  to.set(key, (to.get(key) ?? 0) + micros);
}

/** From `node_modules/`, `src/` or `node:` on. */
function shortened(url: string): string {
  return (
    /(?:node_modules\/(?!.*node_modules\/)|\/(?=(?:src|plugins|bench)\/)|(?=node:)).*$/
      .exec(url)?.[0]
      .replace(/^\//, '') ?? url
  );
}

function placeOf(where: string): string {
  const inPackage = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(where);
  if (inPackage !== null) return inPackage[1] ?? '';
  if (where.startsWith('node:')) return where.replace(/^node:(internal\/)?([^/:]+).*$/, 'node:$2');
  return where.split('/').slice(0, 3).join('/');
}

function print(title: string, times: ReadonlyMap<string, number>, top: number): void {
  console.log(`\n${title} (of ${(total / 1_000_000).toFixed(2)} s at work)`);
  const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, top);
  for (const [key, micros] of sorted) console.log(`${((100 * micros) / total).toFixed(1).padStart(6)} %  ${key}`);
}
