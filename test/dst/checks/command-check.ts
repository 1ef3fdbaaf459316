import type { ControlAnswer } from '../../../src/domain/command/control-request.ts';
import type { WorkerJournal } from '../actors/worker-journal.ts';
import { demand } from '../harness/violation.ts';

/** The command was refused before it was given to anybody. */
const NEVER_GIVEN = new Set(['ILLEGAL_TRANSITION', 'SIMULATION_NOT_FOUND', 'CAPABILITY_UNSUPPORTED']);

/** Compares what callers were told of their commands with what workers wrote down. */
export class CommandCheck {
  readonly #journals: Iterable<WorkerJournal>;
  /** By request, the command that it became, whichever life of the daemon made it. */
  readonly #commandIds = new Map<string, string>();
  readonly #never = new Set<string>();

  constructor(journals: Iterable<WorkerJournal>) {
    this.#journals = journals;
  }

  answered({ requestId, tag, answer }: { requestId: string; tag: string; answer: ControlAnswer }): void {
    const { commandId, phase } = answer;
    if (requestId !== '' && commandId !== '') {
      const before = this.#commandIds.get(requestId) ?? commandId;
      this.#commandIds.set(requestId, commandId);
      demand(before === commandId, () => `${requestId} is command ${before}, and then ${commandId}`);
    }
    if (tag === '') return;
    if (phase === 'APPLIED') demand(this.#timesDone(tag) === 1, () => `${tag} is APPLIED and not done`);
    if (phase === 'REFUSED') this.#never.add(tag);
  }

  /** @param tries how many times it was sent by then: of an earlier one nobody knows */
  refused({ requestId, tag, code, tries }: { requestId: string; tag: string; code: string; tries: number }): void {
    const commandId = this.#commandIds.get(requestId);
    const isForgotten = commandId !== undefined && code === 'ILLEGAL_TRANSITION';
    demand(!isForgotten, () => `${requestId} was command ${commandId}, and is refused when it is sent again`);
    if (tag !== '' && tries === 1 && NEVER_GIVEN.has(code)) this.#never.add(tag);
  }

  atTheEnd(): void {
    const times = new Map<string, number>();
    for (const { done, doneTags, workerId } of this.#journals) {
      for (const [id, count] of done) demand(count === 1, () => `${workerId} has done command ${id} ${count} times`);
      for (const [tag, count] of doneTags) times.set(tag, (times.get(tag) ?? 0) + count);
    }
    for (const [tag, count] of times) demand(count === 1, () => `${tag} was done ${count} times`);
    for (const tag of this.#never) demand(!times.has(tag), () => `${tag} was refused and done`);
  }

  #timesDone(tag: string): number {
    let times = 0;
    for (const { doneTags } of this.#journals) times += doneTags.get(tag) ?? 0;
    return times;
  }
}
