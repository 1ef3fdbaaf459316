import { commandSubject } from '../domain/command/command-subject.ts';
import type { SimulationId, WorkerId } from '../domain/ids.ts';
import { parseSimulationId } from '../domain/ids.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import type { WorkerSignal } from '../ports/worker-launcher.ts';
import { type CommandContent, commandEnvelope } from './command-envelope.ts';
import { Examiner } from './examiner.ts';
import { expectThat, Finding } from './finding.ts';
import type { Lab } from './lab.ts';
import { NatsUnderTest } from './nats-under-test.ts';
import { Observations, type SeenAck, type SeenExit } from './observations.ts';
import { acksFor, type SentCommand } from './sent-command.ts';
import { DEFAULT_TERMS, type Setting } from './setting.ts';
import { Waiting } from './waiting.ts';
import { FIRST_INCARNATION, type PlannedLaunch, planLaunch } from './worker-launch.ts';
import { WorkerProcess } from './worker-process.ts';

/** Beyond its register_timeout, a worker is waited for so long: that it is late is the finding of one check alone. */
const LATE_MS = 20_000;
const ACKNOWLEDGE_MS = 15_000;
const FIRST_EVENT_MS = 15_000;
const DEFAULT_ORPHAN_TIMEOUT_MS = 30_000;

/** One launch of a worker, and what can be done to it. Times are ms since the launch. */
export class Examination {
  readonly lab: Lab;
  readonly setting: Setting;
  readonly record = new Observations();
  readonly examiner: Examiner;
  readonly workerId: WorkerId;
  readonly simulationId: SimulationId;
  readonly token: string;
  readonly #process: WorkerProcess;
  readonly #waiting: Waiting;
  readonly #sent: SentCommand[] = [];
  readonly #others: Examination[] = [];
  #planned: PlannedLaunch | undefined;
  #nats: NatsUnderTest | undefined;

  private constructor(lab: Lab, setting: Setting) {
    this.lab = lab;
    this.setting = setting;
    this.workerId = lab.ids.workerId();
    this.simulationId =
      setting.simulationId === undefined ? lab.ids.simulationId() : parseSimulationId(setting.simulationId);
    this.token = lab.ids.token(this.workerId);
    this.#waiting = new Waiting(this.record);
    this.#process = new WorkerProcess(lab.launcher, this.record);
    this.examiner = new Examiner(this.record, { ...DEFAULT_TERMS, ...setting.terms }, setting.headersDelayMs ?? 0);
  }

  /** @throws ShoalError when the worker cannot be launched; NotPrepared when a nats-server does not start */
  static async launch(lab: Lab, setting: Setting): Promise<Examination> {
    const examination = new Examination(lab, setting);
    try {
      await examination.#launch();
      return examination;
    } catch (err) {
      // Why it cannot be launched matters more than what is left of it.
      await examination.end().catch(() => {});
      throw err;
    }
  }

  /** Launches a worker beside this one; it ends with it. */
  async another(setting: Setting): Promise<Examination> {
    const other = await Examination.launch(this.lab, setting);
    this.#others.push(other);
    return other;
  }

  /** Ends the worker, whatever it does, and takes everything down. @throws Error when some of it remains */
  async end(): Promise<void> {
    const workers = await Promise.allSettled([...this.#others.map((other) => other.end()), this.#process.end()]);
    const rest = [this.examiner.stop(), this.#nats?.stop(), this.lab.files.remove(this.workerId)];
    const ended = [...workers, ...(await Promise.allSettled(rest))];
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  get type(): WorkerType {
    return this.#launched.type;
  }

  /** @throws Error in a scene whose transport is not nats */
  get nats(): NatsUnderTest {
    if (this.#nats === undefined) throw new Error('this scene has no nats-server');
    return this.#nats;
  }

  /** The commands that were sent, in their order. */
  get sent(): readonly SentCommand[] {
    return this.#sent;
  }

  get snapshotDir(): string {
    return this.#launched.snapshotDir;
  }

  until<T>(what: string, condition: () => T | undefined | false, withinMs: number): Promise<T> {
    return this.#waiting.until(what, condition, withinMs);
  }

  whether(condition: () => boolean, withinMs: number): Promise<boolean> {
    return this.#waiting.whether(condition, withinMs);
  }

  pass(ms: number): Promise<void> {
    return this.#waiting.pass(ms);
  }

  stays(ms: number): Promise<void> {
    return this.#waiting.stays(ms);
  }

  /** Until RegisterWorker was accepted `times` times. */
  async registered(times = 1): Promise<void> {
    const accepted = () => this.record.registrations.filter((registration) => registration.accepted).length >= times;
    await this.until(times === 1 ? 'RegisterWorker' : 'RegisterWorker again', accepted, this.registerWithinMs);
  }

  /** How long a worker is waited for to register. */
  get registerWithinMs(): number {
    return this.type.config.limits.registerTimeoutMs + LATE_MS;
  }

  /** Until it has registered and reported an event. */
  async running(): Promise<void> {
    await this.registered();
    await this.moreEvents(1);
  }

  /** Until `count` events more than now were reported, acknowledgements of commands left aside. */
  async moreEvents(count: number, withinMs = FIRST_EVENT_MS): Promise<void> {
    const before = this.record.events.length;
    const what = count === 1 ? 'an event' : `${count} events`;
    await this.until(what, () => this.record.events.length >= before + count, withinMs);
  }

  /** Sends a command. `again`: under the id of one that was sent before. */
  send(content: CommandContent, again?: SentCommand): SentCommand {
    const id = again?.id ?? this.lab.ids.eventId();
    const sent = { id, atMs: this.record.nowMs(), content };
    if (again === undefined) this.#sent.push(sent);
    this.record.note(`command ${content.key}${again === undefined ? '' : ' again'}, id ${id}`);
    const envelope = commandEnvelope(id, this.simulationId, content);
    const wentOut = this.#nats?.command(this.workerId, envelope) ?? this.examiner.send(envelope);
    expectThat(wentOut, 'an open ReceiveCommands stream', () => this.record.lately());
    return sent;
  }

  /** Until the command is acknowledged for the `count`th time, ok or not. */
  acknowledged(sent: SentCommand, count = 1, withinMs = ACKNOWLEDGE_MS): Promise<SeenAck> {
    const times = count === 1 ? '' : ' once more';
    return this.until(
      `an acknowledgement of ${sent.content.key}${times}`,
      () => this.acksOf(sent)[count - 1],
      withinMs,
    );
  }

  /** Sends a command and waits for its acknowledgement, ok or not. */
  answer(content: CommandContent): Promise<SeenAck> {
    return this.acknowledged(this.send(content));
  }

  /** As {@link answer}. @throws Finding when the command is refused */
  async command(content: CommandContent): Promise<SeenAck> {
    const seen = await this.answer(content);
    if (seen.ack?.ok === false) {
      const refusal = `refused with code ${seen.ack.code}: ${seen.ack.message}`;
      throw new Finding({ expected: `${content.key} to be acknowledged with ok`, seen: refusal });
    }
    return seen;
  }

  /** The acknowledgements of a command so far. */
  acksOf(sent: SentCommand): SeenAck[] {
    return acksFor(sent, this.#sent, this.record.acks);
  }

  signal(signal: WorkerSignal): void {
    this.#process.signal(signal);
  }

  /** Until the worker has ended. */
  exited(what: string, withinMs: number): Promise<SeenExit> {
    return this.until(what, () => this.record.exit, withinMs);
  }

  lastLines(count: number): string[] {
    return this.#process.lastLines(count);
  }

  get #launched(): PlannedLaunch {
    if (this.#planned === undefined) throw new Error('asked for before the launch');
    return this.#planned;
  }

  async #launch(): Promise<void> {
    const { lab, setting, workerId, simulationId, token } = this;
    await this.examiner.start();
    const { config, workerType, signal } = lab.options;
    const declared = config.workerTypes.find(({ name }) => name === workerType)?.commandTransport;
    const transport = setting.transport ?? (declared === 'nats' ? 'nats' : 'grpc');
    if (transport === 'nats') this.#nats = await NatsUnderTest.start(lab, workerId);
    const endpoints = {
      grpcAddress: this.examiner.address,
      natsUrls: this.#nats === undefined ? [] : [this.#nats.url],
      orphanTimeoutMs: setting.orphanTimeoutMs ?? DEFAULT_ORPHAN_TIMEOUT_MS,
    };
    this.examiner.terms = {
      commandTransport: transport,
      commandSubject: this.#nats === undefined ? '' : commandSubject(workerId),
      natsUrls: [...endpoints.natsUrls],
      incarnation: setting.incarnation ?? FIRST_INCARNATION,
      ...this.examiner.terms,
    };
    this.#planned = await planLaunch(lab, { workerId, simulationId, token, setting, transport, endpoints });
    this.record.launched();
    await this.#process.start(this.#planned.plan);
    // It may have begun while the others were ended.
    if (signal.aborted) this.signal('SIGKILL');
  }
}
