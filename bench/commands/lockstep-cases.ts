import type { RateCase } from '../cases.ts';
import { perEvent } from '../ceilings/ceiling-run.ts';
import type { RateRun } from '../figures.ts';
import type { Adapter, Stage } from '../stage.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import type { ShoalClient } from '../support/shoal-client.ts';
import { Crew, type CrewOptions } from './crew.ts';

const SIMULATIONS = 100;
/** A daemon that has run few rounds yet costs twice as much: its code is not compiled. */
const WARM_UP_ROUNDS = 100;

const PATHS = [
  { adapter: 'memory', workerType: 'rust-stream', ceiling: 'ceiling/grpc-lockstep' },
  { adapter: 'nats', workerType: 'rust-subject', ceiling: 'ceiling/nats-lockstep' },
] as const satisfies readonly { adapter: Adapter; workerType: CrewOptions['workerType']; ceiling: string }[];

/**
 * ControlSimulations steps all of them by one tick, again as soon as all have acknowledged: the rate is that of rounds, the
 * processor time that of one command to one simulation.
 */
export const lockstepCases: readonly RateCase[] = PATHS.map(({ adapter, workerType, ceiling }) => ({
  kind: 'rate',
  name: `lockstep/${adapter}/${SIMULATIONS}`,
  ceilings: [ceiling],
  usesRust: true,
  run: async (stage, seconds) => runLockstep(stage, { adapter, workerType, seconds }),
}));

interface LockstepSettings {
  readonly adapter: Adapter;
  readonly workerType: CrewOptions['workerType'];
  readonly seconds: number;
}

async function runLockstep(stage: Stage, { adapter, workerType, seconds }: LockstepSettings): Promise<RateRun> {
  const { client, cpuSeconds } = await stage.daemon(adapter);
  const serverCpu = async (): Promise<number> =>
    adapter === 'nats' ? ((await processCpuSeconds((await stage.nats()).server.pid)) ?? Number.NaN) : Number.NaN;
  await using crew = await Crew.start(client, { workerType, size: SIMULATIONS, startPaused: true });
  for (let round = 1; round <= WARM_UP_ROUNDS; round += 1) await stepAll(client, crew.ids, round);
  const cpuBefore = await cpuSeconds();
  const serverBefore = await serverCpu();
  const startedMs = performance.now();
  const untilMs = startedMs + seconds * 1_000;
  let rounds = 0;
  let lost = 0;
  do {
    rounds += 1;
    lost += await stepAll(client, crew.ids, WARM_UP_ROUNDS + rounds);
  } while (performance.now() < untilMs);
  const elapsedSeconds = (performance.now() - startedMs) / 1_000;
  const commands = rounds * SIMULATIONS;
  const natsServer = (await serverCpu()) - serverBefore;
  return {
    perSecond: rounds / elapsedSeconds,
    events: commands,
    lost,
    cpuMicros: {
      receiver: perEvent((await cpuSeconds()) - cpuBefore, commands),
      sender: null,
      natsServer: Number.isNaN(natsServer) ? null : perEvent(natsServer, commands),
    },
  };
}

/** @returns how many have not done exactly the step that was asked for */
async function stepAll(client: ShoalClient, ids: readonly string[], tick: number): Promise<number> {
  const { results } = await client.controlMany({ simulationIds: [...ids], template: { step: { ticks: 1 } } });
  const done = results.filter(({ response }) => response?.completed === true && response.tick === String(tick));
  return ids.length - done.length;
}
