import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';

/** `npm run dst -- --seed N` plays one seed again, with its trace; `--from N --count M` looks for one that fails. */
const { values } = parseArgs({
  options: { seed: { type: 'string' }, from: { type: 'string' }, count: { type: 'string' } },
});

if (values.seed !== undefined) await replay(Number(values.seed));
else await search(Number(values.from ?? 1), Number(values.count ?? 1_000));

async function replay(seed: number): Promise<void> {
  const { lines, thrown, steps } = await runSeed(seed, { keepsTrace: true });
  for (const line of lines) console.log(line);
  if (thrown === undefined) console.log(`\nseed ${seed} is well after ${steps} steps`);
  else fail(seed, thrown);
}

async function search(from: number, count: number): Promise<void> {
  const beganMs = performance.now();
  let steps = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await runSeed(seed);
    steps += result.steps;
    if (result.thrown !== undefined) fail(seed, result.thrown);
  }
  const seconds = (performance.now() - beganMs) / 1_000;
  console.log(`${count} seeds, ${steps} steps, ${seconds.toFixed(1)} s`);
}

function fail(seed: number, thrown: unknown): void {
  console.error(`\nseed ${seed}:`, thrown);
  process.exitCode = 1;
}
