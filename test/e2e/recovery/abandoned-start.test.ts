import 'reflect-metadata';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createConfigSource, loadConfig } from '../../../src/adapters/yaml/load-config.ts';
import { Daemon } from '../../../src/app/daemon.ts';
import { workerProcess } from '../../support/daemon/processes.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { plainType } from '../runs/worker-types.ts';
import { daemonLives } from './daemon-lives.ts';

/** Does something as soon as a certain line is logged. */
class HeardLog extends RecordingLog {
  readonly #line: string;
  readonly #heard: () => void;

  constructor(line: string, heard: () => void) {
    super();
    this.#line = line;
    this.#heard = heard;
  }

  override warn(...[fields, message]: Parameters<RecordingLog['warn']>): void {
    super.warn(fields, message);
    if (message === this.#line) this.#heard();
  }
}

test('told to stop twice while it starts, a daemon leaves the workers that it has adopted to the next one', async () => {
  await using lives = await daemonLives([{ ...plainType(), orphans: 'adopt' }]);
  const first = await lives.start();
  await first.client.start({ simulationId: 'kept', workerType: 'plain' });
  await first.client.untilState('kept', 'RUNNING');
  const pid = workerProcess('kept', lives.folder);
  await lives.kill();

  const stops: Promise<readonly string[]>[] = [];
  const log = new HeardLog('the daemon before was killed; its simulations are settled', () => {
    stops.push(abandoned.stop(), abandoned.stop());
  });
  const loaded = loadConfig({ file: join(lives.folder, 'shoal.yaml'), environment: {} });
  const abandoned = new Daemon(createConfigSource(loaded), lives.folder, log);
  await expect(abandoned.start()).rejects.toThrow('told to stop before it was up');
  await Promise.all(stops);
  expect(stops).toHaveLength(2);
  expect(workerProcess('kept', lives.folder)).toBe(pid);

  const next = await lives.start();
  expect((await next.client.get('kept')).state).toBe('SIMULATION_STATE_RUNNING');
  expect(workerProcess('kept', lives.folder)).toBe(pid);
});
