import type { Clock } from '../../ports/clock.ts';
import type { CommandJournal, CommandProgress, CommandResult, JournalledRequest } from '../../ports/command-journal.ts';
import type { ErrorCode } from '../error-code.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { ShoalError, toShoalError } from '../shoal-error.ts';
import type { Command } from './command.ts';
import { CommandCourse } from './command-course.ts';
import type { ControlAnswer, ControlCourse, Sending } from './control-request.ts';
import { RecalledRequests } from './recalled-requests.ts';
import type { SimulationCommands } from './simulation-commands.ts';

export interface JournalledCommandsParts {
  readonly journal: CommandJournal;
  readonly commands: SimulationCommands;
  readonly clock: Clock;
}

/** A request as it came; nothing is written of one without a request id. */
export type RequestedCommand = Omit<JournalledRequest, 'atMs' | 'command'> & { readonly command: Command };

/** Found out again at once, and thousands of ids may be invented. */
const NOT_WRITTEN: ReadonlySet<ErrorCode> = new Set(['SIMULATION_NOT_FOUND', 'COMMAND_FORBIDDEN']);

/**
 * Commands with a request id outlive the daemon: what it had begun, the next one goes on with or says what became of it (ADR 0017).
 * Within one daemon, that a request is carried out once is the care of its memory of requests, but where a delivery is in doubt.
 */
export class JournalledCommands {
  readonly #parts: JournalledCommandsParts;
  readonly #recalled = new RecalledRequests();

  constructor(parts: JournalledCommandsParts) {
    this.#parts = parts;
  }

  /** Called once, when workers of the daemon before are adopted and cannot call yet: acknowledgements that they resend find their commands. */
  async open(): Promise<void> {
    for (const { request, progress } of await this.#parts.journal.list()) {
      const { courses } = this.#recalled.add(request, progress);
      for (const each of progress) {
        const course = await this.#resume(request, each);
        if (course === undefined) continue;
        courses.set(each.simulationId, course);
        if (each.result === undefined) this.#noteResult(request, each, course);
      }
    }
  }

  /**
   * The simulations that a request was for when the daemon before took it; undefined when it did not.
   *
   * @throws ShoalError INVALID_ARGUMENT when the id was used for another request
   */
  targets(key: Pick<JournalledRequest, 'scope' | 'requestId' | 'fingerprint'>): readonly SimulationId[] | undefined {
    return this.#recalled.find(key, this.#parts.clock.nowMs())?.request.simulationIds;
  }

  /** A request for many: written with all of them before the first is begun, so that a repeated one means the same. */
  async accept(requested: RequestedCommand): Promise<void> {
    if (requested.requestId === '') return;
    await this.#parts.journal.write({ ...requested, atMs: this.#parts.clock.nowMs() });
  }

  /**
   * Begins the command of a request for one of its simulations, or joins it when it was begun before.
   *
   * @param begin gives the command; `sending` hears how that goes
   * @param ifRefused `forget`: the request may be tried again; `keep`: its failure is its result
   * @throws ShoalError INVALID_ARGUMENT when the id was used for another request; what `begin` throws
   */
  async begin(
    requested: RequestedCommand,
    simulationId: SimulationId,
    ifRefused: 'forget' | 'keep',
    begin: (sending?: Sending) => Promise<ControlCourse>,
  ): Promise<ControlCourse> {
    if (requested.requestId === '') return begin();
    const { journal, clock } = this.#parts;
    const recalled = this.#recalled.find(requested, clock.nowMs());
    const joined = recalled?.courses.get(simulationId);
    if (joined !== undefined) return joined;
    const request: JournalledRequest = { ...requested, atMs: recalled?.request.atMs ?? clock.nowMs() };
    let progress: CommandProgress = { simulationId };
    let inDoubt: ControlCourse | undefined;
    const sending: Sending = {
      begins: async (sent) => {
        await journal.write(request, { simulationId, sent });
        progress = { simulationId, sent };
      },
      inDoubt: (course) => {
        inDoubt = course;
      },
    };
    try {
      const course = await begin(sending);
      this.#noteResult(request, progress, course);
      return course;
    } catch (thrown) {
      if (inDoubt !== undefined) {
        this.#noteResult(request, progress, inDoubt);
        (recalled ?? this.#recalled.add(request)).courses.set(simulationId, inDoubt);
        if (ifRefused === 'keep') return inDoubt;
      } else if (ifRefused === 'keep') this.#writeRefusal(request, progress, thrown);
      else if (progress.sent !== undefined) void journal.forget(request).catch(ignore);
      throw thrown;
    }
  }

  /** Undefined: nothing of it has happened. */
  async #resume({ command }: JournalledRequest, progress: CommandProgress): Promise<ControlCourse | undefined> {
    const { commands, clock } = this.#parts;
    const { result, sent, simulationId } = progress;
    if (result !== undefined) return settled(clock, result, sent?.commandId);
    if (sent === undefined || command === undefined) return undefined;
    try {
      return await commands.resume(simulationId, command, sent);
    } catch (thrown) {
      return settled(clock, { error: errorOf(thrown) }, sent.commandId);
    }
  }

  #noteResult(request: JournalledRequest, progress: CommandProgress, course: ControlCourse): void {
    course.done.then(
      (answer) => this.#write(request, progress, { answer }),
      (thrown) => this.#write(request, progress, { error: errorOf(thrown) }),
    );
  }

  #writeRefusal(request: JournalledRequest, progress: CommandProgress, thrown: unknown): void {
    const error = errorOf(thrown);
    if (!NOT_WRITTEN.has(error.code)) void this.#write(request, progress, { error });
  }

  /** What cannot be written is under way for the next daemon: it asks the worker again, which does it once. */
  async #write(request: JournalledRequest, progress: CommandProgress, result: CommandResult): Promise<void> {
    await this.#parts.journal.write(request, { ...progress, result }).catch(ignore);
  }
}

function errorOf(thrown: unknown): { readonly code: ShoalError['code']; readonly message: string } {
  const { code, message } = toShoalError(thrown);
  return { code, message };
}

/** Over: whoever asks again gets what it came to. */
function settled(clock: Clock, result: CommandResult, commandId: ControlAnswer['commandId'] = ''): ControlCourse {
  if ('answer' in result) {
    const { answer } = result;
    return new CommandCourse({ clock, commandId: answer.commandId, delivered: answer, done: Promise.resolve(answer) });
  }
  const { code, message } = result.error;
  const done = Promise.reject(new ShoalError(code, message));
  done.catch(ignore);
  return new CommandCourse<ControlAnswer>({ clock, commandId, done });
}
