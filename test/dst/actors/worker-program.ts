import type { RegistrationAnswer } from '../../../src/domain/supervision/worker-calls.ts';
import type { WorkerSignal } from '../../../src/ports/worker-launcher.ts';
import { CommandInbox } from '../../../src/worker/command-inbox.ts';
import type { WorkerCommand } from '../../../src/worker/commands.ts';
import { commandAck, readEnvelope } from '../../support/fakes/messages.ts';
import type { EventCheck } from '../checks/event-check.ts';
import { ACK_KEY, FORBIDDEN_KEY, LIVE_KEY, LOGGED_KEY } from './event-keys.ts';
import type { Network } from './network.ts';
import type { Program, SimulatedProcess } from './simulated-process.ts';
import type { Temper } from './temper.ts';
import type { WorkerJournal } from './worker-journal.ts';
import { WorkerLink } from './worker-link.ts';
import { WorkerReports } from './worker-reports.ts';

const HEARTBEAT_MS = 2_000;
/** How long one that was told to stop waits for its last acknowledgement. */
const LAST_WORDS_MS = 2_000;

/** A worker that follows the contract, but for its temper: what the worker libraries do, with their own parts. */
export class WorkerProgram implements Program {
  readonly #process: SimulatedProcess;
  readonly #temper: Temper;
  readonly #journal: WorkerJournal;
  readonly #reports: WorkerReports;
  readonly #inbox: CommandInbox;
  readonly #link: WorkerLink;
  #tick = 0;
  isPaused = false;
  #isFinishing = false;
  #trouble: Program['trouble'];

  constructor(
    process: SimulatedProcess,
    temper: Temper,
    { network, journal, check }: { network: Network; journal: WorkerJournal; check: EventCheck },
  ) {
    this.#process = process;
    this.#temper = temper;
    this.#journal = journal;
    this.#reports = new WorkerReports(journal, check);
    this.#link = new WorkerLink(process, network, this.#reports.outbox, {
      registered: (answer) => this.#registered(answer),
      received: (envelope) => this.#inbox.receive(readEnvelope(envelope)),
      acknowledged: (envelopes, rejected) => {
        this.#reports.acknowledged(envelopes, rejected);
        this.#leaveWhenDone();
      },
      lost: () => process.end({ code: 69 }),
    });
    this.#inbox = new CommandInbox({
      encode: ({ ok, code, message = '' }) => commandAck({ ok, code, message, tick: String(this.#tick) }),
      report: (commandId, ack) => this.#report(ACK_KEY, ack, commandId),
    });
    process.later(temper.startupMs, () => this.#begin());
  }

  get trouble(): Program['trouble'] {
    return this.#trouble;
  }

  signalled(signal: WorkerSignal): void {
    if (!this.#temper.isDeaf) this.#process.end({ signal });
  }

  #begin(): void {
    const { fate } = this.#temper;
    if (fate === 'exits at once') this.#process.end({ code: 1 });
    else if (fate === 'never registers') this.#fallInto('never registers');
    else this.#link.connect();
  }

  #registered({ desiredState, resumeAfterOrdinal }: RegistrationAnswer): void {
    this.#process.note('has registered and is to be', desiredState);
    this.#reports.skip(resumeAfterOrdinal);
    this.#leaveWhenDone();
    if (this.#journal.hasRegistered) return;
    this.#journal.hasRegistered = true;
    this.isPaused = desiredState === 'PAUSED';
    void this.#obey();
    this.#process.later(this.#temper.tickMs, () => this.#turn());
    if (this.#temper.beats) this.#beat();
  }

  #beat(): void {
    this.#link.heartbeat(this.#tick, this.isPaused ? 'PAUSED' : 'RUNNING');
    this.#process.later(HEARTBEAT_MS, () => this.#beat());
  }

  #turn(): void {
    if (this.#isFinishing) return;
    if (!this.isPaused && this.#trouble === undefined && this.#reports.outbox.hasRoom) this.#advance();
    this.#process.later(this.#temper.tickMs, () => this.#turn());
  }

  #advance(): void {
    this.#tick += 1;
    const { eventsPerTick, lies, fateTick } = this.#temper;
    for (let event = 0; event < eventsPerTick; event += 1) {
      this.#report(lies && event === 1 ? FORBIDDEN_KEY : event === 2 ? LIVE_KEY : LOGGED_KEY);
    }
    this.#link.flush();
    if (this.#tick === fateTick) this.#meetFate();
  }

  #meetFate(): void {
    switch (this.#temper.fate) {
      case 'completes':
        this.#finish();
        break;
      case 'crashes':
        this.#process.end({ code: 3 });
        break;
      case 'cannot go on':
        this.#process.end({ code: 78 });
        break;
      case 'is stopped by SIGSTOP':
      case 'spins':
        this.#fallInto('frozen');
        this.#process.freeze();
        break;
      case 'stalls':
        this.#fallInto('stalled');
        break;
      default:
    }
  }

  #fallInto(kind: 'frozen' | 'stalled' | 'never registers'): void {
    this.#trouble = { kind, sinceMs: this.#process.nowMs };
  }

  /** Exits when everything is acknowledged. */
  #finish(): void {
    this.#isFinishing = true;
    this.#leaveWhenDone();
  }

  #leaveWhenDone(): void {
    if (this.#isFinishing && this.#reports.outbox.size === 0) this.#process.end({ code: 0 });
  }

  #report(key: string, payload?: Uint8Array, correlationId?: string): void {
    this.#reports.report(key, payload, correlationId);
    this.#link.flush();
  }

  async #obey(): Promise<void> {
    for await (const command of this.#inbox.commands) {
      await this.#process.sleep(5);
      if (this.#temper.isDeaf && command.name === 'stop') continue;
      this.#journal.did(command.id, tagOf(command));
      this.#process.note(`does ${command.name}`, command.id);
      this.#do(command);
      command.acknowledge();
      this.#link.flush();
    }
  }

  #do(command: WorkerCommand): void {
    switch (command.name) {
      case 'pause':
        this.isPaused = true;
        return;
      case 'resume':
        this.isPaused = false;
        return;
      case 'step':
        for (let left = command.ticks; left > 0 && this.#process.alive; left -= 1) this.#advance();
        return;
      case 'reset':
        this.#tick = 0;
        this.#trouble = undefined;
        return;
      case 'stop':
        this.#isFinishing = true;
        this.#process.later(LAST_WORDS_MS, () => this.#process.end({ code: 0 }));
        return;
      default:
    }
  }
}

/** What tells a custom command from all others, also when it comes under another id. */
function tagOf(command: WorkerCommand): string {
  return command.name === 'custom' ? Buffer.from(command.payload).toString() : '';
}
