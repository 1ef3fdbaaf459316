import type { ControlSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import type { PlannedCommand } from '../plan/chaos-plan.ts';
import type { ChaosSetting } from '../setting/chaos-setting.ts';
import { NOTE_KEY } from '../worker/character.ts';
import type { Diary, SentCommand } from './diary.ts';
import { persistentCall } from './persistent-call.ts';

/** A command may wait for a daemon, then for its worker. */
const PATIENCE_MS = 10_000;

/** Sends commands under request ids, again and again until they are answered. */
export class Commander {
  readonly #setting: ChaosSetting;
  readonly #diary: Diary;
  readonly #underWay = new Set<Promise<void>>();

  constructor(setting: ChaosSetting, diary: Diary) {
    this.#setting = setting;
    this.#diary = diary;
  }

  /** Does not wait for the answer. @param among simulations that ran a moment ago */
  send({ name, pick }: Pick<PlannedCommand, 'name' | 'pick'>, among: readonly string[]): void {
    const simulationId = among[Math.floor(pick * among.length)];
    if (simulationId === undefined) return;
    const requestId = `command-${this.#diary.commands.length + 1}`;
    const sent: SentCommand = { requestId, simulationId, name, attempts: 0, outcome: undefined, commandIds: new Set() };
    this.#diary.commands.push(sent);
    const sending = this.#send(sent)
      .catch((error: Error) => void this.#diary.problems.push(error.message))
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #send(sent: SentCommand): Promise<void> {
    const { requestId, simulationId, name } = sent;
    const request = { ...commandOf(name, requestId), requestId };
    const { answer, code, attempts } = await persistentCall(async () => {
      const answered = await (await this.#setting.daemon.client()).control(simulationId, request);
      sent.commandIds.add(answered.commandId);
      return answered;
    }, PATIENCE_MS);
    sent.attempts = attempts;
    sent.outcome = answer === undefined ? code : answer.code === 0 && answer.completed ? 'applied' : 'refused';
    this.#diary.note(`${requestId}: ${name} of ${simulationId}: ${sent.outcome} after ${attempts}`);
  }
}

function commandOf(name: string, requestId: string): ControlSimulationRequest {
  switch (name) {
    case 'pause':
      return { pause: {} };
    case 'resume':
      return { resume: {} };
    case 'step':
      return { step: { ticks: 3 } };
    case 'reset':
      return { reset: {} };
    case 'stop':
      return { stop: {} };
    default:
      return { custom: { commandKey: NOTE_KEY, payload: Buffer.from(requestId), contentType: 'text/plain' } };
  }
}
