import { setTimeout as sleep } from 'node:timers/promises';
import { connectWorker, WorkerLostError } from 'shoal/worker';
import { Walk } from './walk.mjs';

/** Shoal launches this program, once for each run; ../../../docs/workers.md explains it line by line. */
async function main() {
  const worker = await connectWorker({ sdk: 'random-walk/1.0.0' });
  let settings = settingsOf(worker.config.json);
  let seed = worker.environment.seed ?? BigInt(Date.now());
  let walk = new Walk(settings.walkers, seed);
  worker.state = worker.desiredState === 'PAUSED' ? 'PAUSED' : 'RUNNING';

  const tick = async () => {
    worker.tick += 1;
    walk.tick();
    const payload = Buffer.from(JSON.stringify(walk.positions));
    await worker.emit({ key: 'walk.positions.v1', payload, contentType: 'application/json' });
    if (worker.tick === settings.ticks) worker.state = 'STOPPING';
  };
  const step = async (ticks) => {
    for (let left = ticks; left > 0 && worker.state !== 'STOPPING'; left -= 1) await tick();
  };
  const run = async () => {
    while (worker.state !== 'STOPPING' && !worker.signal.aborted) {
      if (worker.state === 'RUNNING') await tick();
      await sleep(settings.tickMs);
    }
    // Ends `obey` too, and waits until every event is acknowledged.
    await worker.close();
  };
  const obey = async () => {
    for await (const command of worker.commands()) {
      if (command.name === 'pause') worker.state = 'PAUSED';
      if (command.name === 'resume') worker.state = 'RUNNING';
      if (command.name === 'step') await step(command.ticks);
      if (command.name === 'reset') {
        if (command.config !== undefined) settings = settingsOf(command.config);
        seed = command.seed ?? seed;
        walk = new Walk(settings.walkers, seed);
        worker.tick = 0;
      }
      if (command.name === 'stop') worker.state = 'STOPPING';
      command.acknowledge();
    }
  };
  await Promise.all([run(), obey()]);
}

/** Shoal has checked the configuration with the plugin's schema; the defaults are ours. */
function settingsOf({ walkers = 3, ticks = 0, tick_ms: tickMs = 100 }) {
  return { walkers, ticks, tickMs };
}

try {
  await main();
} catch (error) {
  if (!(error instanceof WorkerLostError)) throw error;
  console.error(error.message);
  process.exitCode = 69;
}
