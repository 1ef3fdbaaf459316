/**
 * Breaks everything there is to break, for as long as wanted, and checks that nothing is lost: docs/reliability.md.
 *
 *   npm run chaos [-- --rounds N --seed S --adapter memory|nats]
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Adapter } from './plan/fault.ts';
import { playChaos } from './run/play-chaos.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // biome-ignore lint/nursery/noProcessExit: interrupted; what runs is ended on exit
  process.on(signal, () => process.exit(130));
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    adapter: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
const adapters: readonly string[] = values.adapter === undefined ? ['memory', 'nats'] : [values.adapter];
if (![rounds, seed].every(Number.isSafeInteger) || !adapters.every((it) => it === 'memory' || it === 'nats')) {
  console.error('usage: npm run chaos [-- --rounds N --seed S --adapter memory|nats]');
  process.exitCode = 2;
} else {
  for (const adapter of adapters as Adapter[]) {
    console.log(`${adapter}: ${rounds} rounds with seed ${seed}`);
    try {
      const { summary } = await playChaos({ rounds, seed, adapter }, (line) => console.log(line));
      console.log(`all is right: ${summary}`);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  }
}
