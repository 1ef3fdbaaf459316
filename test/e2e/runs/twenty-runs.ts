import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import type { TestDaemonOptions } from '../../support/daemon/daemon-config.ts';
import { processesMentioning, workerProcess } from '../../support/daemon/processes.ts';
import { commandTests } from './command-tests.ts';
import { deliveryTests } from './delivery-tests.ts';
import { Ensemble } from './ensemble.ts';
import { metricsTests } from './metrics-tests.ts';
import type { Stage } from './stage.ts';
import type { Witness } from './witness.ts';

export interface StageOptions {
  readonly daemon: () => Promise<TestDaemonOptions>;
  readonly witness: (daemon: ChildDaemon) => Promise<Witness>;
  readonly tearDown: () => Promise<void>;
  /** Tests of what only this adapter has; run when all runs that end by themselves have ended. */
  readonly more: (stage: () => Stage) => void;
}

/** The suite that both messaging adapters pass: the tests go on one from another. */
export function twentyRuns(adapter: string, options: StageOptions): void {
  describe(`twenty runs of three worker types over ${adapter}`, () => {
    let stage: Stage;
    const client = () => stage.daemon.client;

    beforeAll(async () => {
      const daemon = await spawnDaemon(await options.daemon());
      const witness = await options.witness(daemon);
      stage = { daemon, witness, ensemble: new Ensemble(daemon, witness) };
      await stage.ensemble.start();
    });
    afterAll(async () => {
      await stage?.witness[Symbol.asyncDispose]();
      await stage?.daemon[Symbol.asyncDispose]();
      await options.tearDown();
    });

    test('all run at once, each with a worker of its own', async () => {
      const { simulations } = await client().list({ states: ['SIMULATION_STATE_RUNNING', 'SIMULATION_STATE_PAUSED'] });
      expect(simulations.map(({ simulationId }) => simulationId).sort()).toEqual([...stage.ensemble.ids].sort());
      expect(simulations).toHaveLength(20);
      expect(new Set(simulations.map(({ workerType }) => workerType))).toEqual(new Set(['fish', 'fake', 'plain']));
      expect(new Set(simulations.map(({ workerId }) => workerId)).size).toBe(20);
      expect(processesMentioning(stage.daemon.folder)).toHaveLength(20);
    });

    test('a plain program is RUNNING without a word, and its output is kept', async () => {
      const lines = client().output({ simulationId: 'plain-0' });
      await lines.ended();
      expect(lines.messages.map(({ line }) => line)).toEqual(['plain-0 is up']);
    });

    test('all those that were held go on when told so', async () => {
      await stage.ensemble.resume();
      const { simulations } = await client().list({ states: ['SIMULATION_STATE_PAUSED'] });
      expect(simulations).toEqual([]);
    });

    test('one worker killed by SIGKILL is FAILED with the reason, and its logged events are all counted', async () => {
      const { victim } = stage.ensemble;
      const before = await client().get(victim);
      const pid = workerProcess(victim, stage.daemon.folder);
      // Never a default: 0 and -1 are whole groups.
      if (pid === undefined) throw new Error(`no process of ${victim}`);
      process.kill(pid, 'SIGKILL');
      const failed = await client().untilState(victim, 'FAILED');
      expect(failed).toMatchObject({
        reason: 'WORKER_CRASHED',
        exitSignal: 'SIGKILL',
        message: expect.stringContaining('ended by SIGKILL'),
        workerId: before.workerId,
        incarnation: 1,
      });
    });

    commandTests(() => stage);

    test('those that end by themselves COMPLETE, and nobody else was touched by the death of one', async () => {
      await stage.ensemble.finished();
      const { simulations } = await client().list({});
      const failed = simulations.filter(({ state }) => state === 'SIMULATION_STATE_FAILED');
      expect(failed.map(({ simulationId }) => simulationId)).toEqual([stage.ensemble.victim]);
      for (const { simulationId, incarnation, exitCode } of simulations) {
        if (!stage.ensemble.ids.includes(simulationId) || simulationId === stage.ensemble.victim) continue;
        expect({ simulationId, incarnation, exitCode: exitCode ?? 0 }).toEqual({
          simulationId,
          incarnation: 1,
          exitCode: 0,
        });
      }
      const received = simulations.reduce((sum, each) => sum + Number(each.eventsReceived), 0);
      expect(received).toBeGreaterThanOrEqual(100_000);
    });

    deliveryTests(() => stage);
    options.more(() => stage);
    metricsTests(() => stage);

    test('those that are left stop when told so, and no process is left', async () => {
      const { simulations } = await client().list({ states: ['SIMULATION_STATE_RUNNING', 'SIMULATION_STATE_PAUSED'] });
      const answers = await Promise.all(
        simulations.map(({ simulationId }) => client().control(simulationId, { stop: {} })),
      );
      expect(answers.length).toBeGreaterThanOrEqual(stage.ensemble.plain.length);
      for (const answer of answers)
        expect(answer).toMatchObject({ completed: true, state: 'SIMULATION_STATE_STOPPED' });
      expect(processesMentioning(stage.daemon.folder)).toEqual([]);
      expect(stage.daemon.log.filter(({ level }) => level === 50)).toEqual([]);
    });
  });
}
