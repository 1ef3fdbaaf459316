import type { Clock } from '../../ports/clock.ts';
import type { CommandJournal, CommandKey, CommandResult, JournalledCommand } from '../../ports/command-journal.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { invalidArgument, ShoalError, toShoalError } from '../shoal-error.ts';
import type { Command } from './command.ts';
import { CommandCourse } from './command-course.ts';
import type { ControlAnswer, ControlCourse, Sending } from './control-request.ts';
import type { SimulationCommands } from './simulation-commands.ts';

export interface JournalledCommandsParts {
  readonly journal: CommandJournal;
  readonly commands: SimulationCommands;
  readonly clock: Clock;
}

/** A command of a request; nothing is written of one without a request id. */
export interface JournalledRequest extends CommandKey {
  readonly fingerprint: string;
  readonly command: Command;
}

/**
 * Commands with a request id outlive the daemon: what it had begun, the next one goes on with or says what became of it (ADR 0017).
 * Within one daemon, that a request is carried out once is the care of its memory of requests.
 */
export class JournalledCommands {
  readonly #parts: JournalledCommandsParts;
  /** Of daemons before this one, by scope and request id, in their order. */
  readonly #recalled = new Map<string, Map<SimulationId, JournalledCommand>>();
  /** Those of them that go on, or are over. */
  readonly #courses = new Map<JournalledCommand, ControlCourse>();

  constructor(parts: JournalledCommandsParts) {
    this.#parts = parts;
  }

  /** Called once, when workers of the daemon before are adopted and cannot call yet: acknowledgements that they resend find their commands. */
  async open(): Promise<void> {
    for (const entry of await this.#parts.journal.list()) {
      const group = groupOf(entry);
      const entries = this.#recalled.get(group) ?? new Map<SimulationId, JournalledCommand>();
      this.#recalled.set(group, entries.set(entry.simulationId, entry));
      const course = await this.#resume(entry);
      if (course === undefined) continue;
      this.#courses.set(entry, course);
      if (entry.result === undefined) this.#noteResult(entry, course);
    }
  }

  /**
   * The simulations that a request was for when the daemon before took it; undefined when it did not.
   *
   * @throws ShoalError INVALID_ARGUMENT when the id was used for another request
   */
  targets(scope: string, requestId: string, fingerprint: string): readonly SimulationId[] | undefined {
    const entries = this.#recall({ scope, requestId }, fingerprint);
    return entries === undefined ? undefined : [...entries.keys()];
  }

  /** A request for many: written with all of them before the first is begun, so that a repeated one means the same. */
  async accept(requests: readonly JournalledRequest[]): Promise<void> {
    const atMs = this.#parts.clock.nowMs();
    const entries = requests.filter(({ requestId }) => requestId !== '').map((request) => ({ ...request, atMs }));
    if (entries.length > 0) await this.#parts.journal.write(entries);
  }

  /**
   * Begins a command, or joins it when the daemon before did.
   *
   * @param begin gives the command; `sending` is to be called before it is sent
   * @param ifRefused `forget`: the request may be tried again; `keep`: its failure is its result
   * @throws ShoalError INVALID_ARGUMENT when the id was used for another request; what `begin` throws
   */
  async begin(
    request: JournalledRequest,
    ifRefused: 'forget' | 'keep',
    begin: (sending?: Sending) => Promise<ControlCourse>,
  ): Promise<ControlCourse> {
    if (request.requestId === '') return begin();
    const { journal, clock } = this.#parts;
    const recalled = this.#recall(request, request.fingerprint)?.get(request.simulationId);
    const joined = recalled && this.#courses.get(recalled);
    if (joined !== undefined) return joined;
    let entry: JournalledCommand = { ...request, atMs: recalled?.atMs ?? clock.nowMs() };
    const sending: Sending = async (sent) => {
      const next = { ...entry, sent };
      await journal.write([next]);
      entry = next;
    };
    try {
      const course = await begin(sending);
      this.#noteResult(entry, course);
      return course;
    } catch (thrown) {
      if (ifRefused === 'keep') void this.#write(entry, { error: errorOf(thrown) });
      else if (entry.sent !== undefined) void journal.forget(entry).catch(ignore);
      throw thrown;
    }
  }

  #recall(
    key: Omit<CommandKey, 'simulationId'>,
    fingerprint: string,
  ): Map<SimulationId, JournalledCommand> | undefined {
    const entries = key.requestId === '' ? undefined : this.#recalled.get(groupOf(key));
    for (const entry of entries?.values() ?? []) {
      if (entry.fingerprint !== fingerprint)
        throw invalidArgument('request_id', 'was used for another request within the last hour; use a new one');
    }
    return entries;
  }

  /** Undefined: nothing of it has happened. */
  async #resume(entry: JournalledCommand): Promise<ControlCourse | undefined> {
    const { commands, clock } = this.#parts;
    const { result, sent, command, simulationId } = entry;
    if (result !== undefined) return settled(clock, result, sent?.commandId);
    if (sent === undefined || command === undefined) return undefined;
    try {
      return await commands.resume(simulationId, command, sent);
    } catch (thrown) {
      return settled(clock, { error: errorOf(thrown) }, sent.commandId);
    }
  }

  #noteResult(entry: JournalledCommand, course: ControlCourse): void {
    course.done.then(
      (answer) => this.#write(entry, { answer }),
      (thrown) => this.#write(entry, { error: errorOf(thrown) }),
    );
  }

  /** What cannot be written is under way for the next daemon: it asks the worker again, which does it once. */
  async #write({ command: _, ...entry }: JournalledCommand, result: CommandResult): Promise<void> {
    await this.#parts.journal.write([{ ...entry, result }]).catch(ignore);
  }
}

function groupOf({ scope, requestId }: Omit<CommandKey, 'simulationId'>): string {
  return `${scope}\n${requestId}`;
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
