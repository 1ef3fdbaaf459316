import { runSeed } from './run-seed.ts';

const LAST_LINES = 40;

/** Plays seeds one after another. @throws Error at the first that fails: what it broke, what led there, how to play it again */
export async function playSeeds(from: number, count: number): Promise<void> {
  for (let seed = from; seed < from + count; seed += 1) {
    const { thrown } = await runSeed(seed);
    if (thrown !== undefined) throw new Error(await describe(seed, thrown), { cause: thrown });
  }
}

async function describe(seed: number, thrown: unknown): Promise<string> {
  const { lines } = await runSeed(seed, { keepsTrace: true });
  const command = `npm run -s dst -- --seed ${seed}`;
  return [`seed ${seed}: ${String(thrown)}`, ...lines.slice(-LAST_LINES), `play it again: ${command}`].join('\n');
}
