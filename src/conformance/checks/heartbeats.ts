import type { Check } from '../check.ts';
import { expectThat, NotApplicable } from '../finding.ts';
import type { Observations, SeenHeartbeat } from '../observations.ts';
import { firstRun } from './first-run.ts';
import { heartbeatsBetween, pauseAndResume, pausedAndResumed } from './paused-and-resumed.ts';

const WITHIN_MS = 2_400;
const AT_LEAST = 4;
const AT_LEAST_PAUSED = 3;
const RISE_MS = 10_000;

const section = 'heartbeats';

export const HEARTBEAT_CHECKS: readonly Check[] = [
  {
    id: 'sends-heartbeats',
    section,
    title: 'sends heartbeats at the interval that it is told, under its ids',
    fix: 'Call Heartbeat every heartbeat_interval_ms of the registration, from a thread or timer of its own, with both ids.',
    scene: firstRun,
    run({ record, workerId, simulationId }) {
      someHeartbeats(record);
      const from = record.registrations.find(({ accepted }) => accepted)?.atMs ?? 0;
      const inTime = record.heartbeats.filter(({ atMs }) => atMs <= from + WITHIN_MS);
      const expected = `at least ${AT_LEAST} heartbeats within ${WITHIN_MS} ms of registering, told an interval of 300 ms`;
      expectThat(inTime.length >= AT_LEAST, expected, () => `${inTime.length}: ${record.lately()}`);
      const other = record.heartbeats.find(
        ({ request }) => request.workerId !== workerId || request.simulationId !== simulationId,
      );
      expectThat(other === undefined, `heartbeats of worker ${workerId} in simulation ${simulationId}`, () => {
        const { workerId: worker = '', simulationId: simulation = '' } = other?.request ?? {};
        return `one of worker ${JSON.stringify(worker)} in simulation ${JSON.stringify(simulation)}`;
      });
    },
  },
  {
    id: 'heartbeats-tell-the-tick',
    section,
    title: 'tells in its heartbeats a tick that rises while it runs',
    fix: 'Put the tick that the world stands at into each Heartbeat.',
    scene: firstRun,
    async run(examination) {
      const { heartbeats } = examination.record;
      someHeartbeats(examination.record);
      const rises = () => (heartbeats.at(-1)?.tick ?? 0) > (heartbeats[0]?.tick ?? Number.POSITIVE_INFINITY);
      await examination.until('a heartbeat with a higher tick than the first', rises, RISE_MS);
      const at = heartbeats.findIndex(({ tick }, index) => tick < (heartbeats[index - 1]?.tick ?? 0));
      expectThat(at < 0, 'ticks that only rise', () => `${heartbeats[at - 1]?.tick}, then ${heartbeats[at]?.tick}`);
    },
  },
  {
    id: 'heartbeats-while-paused',
    section,
    title: 'goes on sending heartbeats when it is paused',
    fix: 'Send heartbeats whatever the state is: three missed ones, and the worker is killed.',
    needs: { commands: ['pause', 'resume'] },
    scene: pausedAndResumed,
    run(examination) {
      someHeartbeats(examination.record);
      const { pause, resumeSentMs } = pauseAndResume(examination);
      const beats = heartbeatsBetween(examination, pause.atMs, resumeSentMs);
      const lasted = `${Math.round(resumeSentMs - pause.atMs)} ms of pause, after the first`;
      expectThat(
        beats.length >= AT_LEAST_PAUSED,
        `heartbeats every 300 ms in ${lasted}`,
        () => `${beats.length}: ${examination.record.lately(10)}`,
      );
    },
  },
  {
    id: 'heartbeats-tell-the-state',
    section,
    title: 'tells in its heartbeats that it is PAUSED after a pause, and RUNNING after a resume',
    fix: 'Put the state into each Heartbeat, as of when the command was acknowledged.',
    needs: { commands: ['pause', 'resume'] },
    scene: pausedAndResumed,
    run(examination) {
      someHeartbeats(examination.record);
      const { pause, resume, resumeSentMs } = pauseAndResume(examination);
      expectState(heartbeatsBetween(examination, pause.atMs, resumeSentMs), 'PAUSED', 'after the pause');
      expectState(heartbeatsBetween(examination, resume.atMs), 'RUNNING', 'after the resume');
    },
  },
];

/** They are optional until the first one was sent. */
function someHeartbeats({ heartbeats }: Observations): void {
  if (heartbeats.length === 0) throw new NotApplicable('it sends no heartbeats');
}

/** Whether there are enough of them, others ask. */
function expectState(beats: readonly SeenHeartbeat[], state: string, when: string): void {
  const other = beats.find(({ request }) => request.state !== `SIMULATION_STATE_${state}`);
  expectThat(
    other === undefined,
    `heartbeats with the state ${state} ${when}`,
    () => `one with ${other?.request.state}, ${Math.round(other?.atMs ?? 0)} ms after the launch`,
  );
}
