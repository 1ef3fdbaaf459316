import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkEverything, type SeenSimulation } from '../checker/check-everything.ts';
import { summarised } from '../checker/findings.ts';
import { ChaosPlan, type PlanOptions } from '../plan/chaos-plan.ts';
import { type ChaosSetting, openChaosSetting } from '../setting/chaos-setting.ts';
import { allSimulations } from './all-simulations.ts';
import { comeToRest } from './come-to-rest.ts';
import { Commander } from './commander.ts';
import { Diary } from './diary.ts';
import { type Play, playRound } from './play-round.ts';
import { Population, REQUEST_LABEL } from './population.ts';

/** What was done and seen. */
export interface ChaosOutcome {
  readonly daemonKills: number;
  readonly workers: number;
  /** In the log. */
  readonly events: number;
  /** In a line. */
  readonly summary: string;
}

/**
 * Plays a plan against a daemon, and checks what is left.
 * @param print gets what is done, line by line, as it is done
 * @throws Error that says what is wrong, what is kept of it, and how to play it again
 */
export async function playChaos(options: PlanOptions, print: (line: string) => void = () => {}): Promise<ChaosOutcome> {
  const setting = await openChaosSetting(options.adapter);
  const diary = new Diary(print);
  try {
    const outcome = await play(options, setting, diary);
    await setting.close();
    await rm(setting.files.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    return outcome;
  } catch (cause) {
    await setting.daemon.writeLog();
    await writeFile(join(setting.files.folder, 'diary.txt'), `${diary.lines.join('\n')}\n`);
    await setting.close();
    const { seed, rounds, adapter } = options;
    const again = `npm run chaos -- --rounds ${rounds} --seed ${seed} --adapter ${adapter}`;
    const kept = `data, journals, daemon.log and diary.txt are kept in ${setting.files.folder}`;
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`seed ${seed}: ${what}\n${kept}\nagain: ${again}`, { cause });
  }
}

async function play(options: PlanOptions, setting: ChaosSetting, diary: Diary): Promise<ChaosOutcome> {
  const plan = new ChaosPlan(options);
  const population = new Population(plan, setting, diary);
  const stage: Play = { setting, diary, population, commander: new Commander(setting, diary) };
  const startedMs = performance.now();
  await setting.daemon.start();
  for (const [at, round] of plan.rounds.entries()) {
    diary.note(`round ${at + 1} of ${plan.rounds.length}`);
    await playRound(round, stage);
  }
  const playedMs = performance.now();
  await comeToRest(stage);
  const restedMs = performance.now();
  const unfinished = (await population.alive()).length;
  await stopInOrder(setting);
  const { findings, events, acknowledged, workers } = await checkEverything(
    setting,
    diary,
    await whatTheNextOneSays(setting),
  );
  const kills = setting.daemon.kills;
  const summary = [
    `${options.adapter}, seed ${options.seed}: ${plan.rounds.length} rounds in ${seconds(startedMs, playedMs)}, rest in ${seconds(playedMs, restedMs)}`,
    `${kills} kills of the daemon, ${diary.commands.length} commands`,
    `${diary.starts.length} simulations, ${unfinished} to the end, of ${workers} workers`,
    `${acknowledged} events acknowledged, ${events} in the log`,
    `${Math.round(setting.daemon.peakBytes / 1024 / 1024)} MiB at most`,
  ].join('; ');
  if (findings.length > 0) throw new Error(`\n  ${summarised(findings).join('\n  ')}\n${summary}`);
  return { daemonKills: kills, workers, events, summary };
}

/** A daemon that starts over what an ordered end has left changes nothing of it. */
async function whatTheNextOneSays(setting: ChaosSetting): Promise<SeenSimulation[]> {
  await setting.daemon.start();
  const simulations = await allSimulations(setting.daemon);
  await stopInOrder(setting);
  return simulations.map(({ simulationId, state, reason, message, incarnation, labels }) => ({
    simulationId,
    state: state.slice('SIMULATION_STATE_'.length),
    reason,
    message,
    incarnation,
    requestId: labels[REQUEST_LABEL],
  }));
}

function seconds(fromMs: number, toMs: number): string {
  return `${((toMs - fromMs) / 1_000).toFixed(1)} s`;
}

async function stopInOrder({ daemon }: ChaosSetting): Promise<void> {
  const code = await daemon.stopInOrder();
  if (code !== 0) throw new Error(`the daemon ended with ${code} after SIGTERM`);
}
