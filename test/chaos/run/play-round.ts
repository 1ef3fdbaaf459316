import { setTimeout as delay } from 'node:timers/promises';
import type { Round, TimedFault } from '../plan/chaos-plan.ts';
import type { ChaosSetting } from '../setting/chaos-setting.ts';
import type { Commander } from './commander.ts';
import type { Diary } from './diary.ts';
import { injectFault } from './inject-fault.ts';
import type { Population } from './population.ts';

const POPULATION = 5;
/** So that the runs get on between two rounds. */
const ROUND_MS = 900;

export interface Play {
  readonly setting: ChaosSetting;
  readonly diary: Diary;
  readonly population: Population;
  readonly commander: Commander;
}

/** Ends when its faults are over and a daemon is ready; simulations and unanswered commands live on. */
export async function playRound({ faults, commands }: Round, play: Play): Promise<void> {
  const { population, commander, setting, diary } = play;
  await population.topUp(POPULATION);
  const running = await population.running();
  const ofTarget = Map.groupBy(faults, ({ fault }) => fault.kind.slice(fault.kind.indexOf('-')));
  await Promise.all([
    delay(ROUND_MS),
    // Two at one target, one after the other: a daemon is not killed while it is being killed.
    ...[...ofTarget.values()].map((some) => inTurn(some, setting, diary)),
    ...commands.map(async (command) => {
      await delay(command.atMs);
      commander.send(command, running);
    }),
  ]);
}

async function inTurn(faults: readonly TimedFault[], setting: ChaosSetting, diary: Diary): Promise<void> {
  for (const { atMs, fault } of faults) {
    await delay(atMs);
    await injectFault(fault, setting, diary);
  }
}
