import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { CommandAck } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/CommandAck.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { Gate } from './gate.ts';
import type { FakeWorkerScript } from './script.ts';
import type { Service } from './service.ts';
import { writeSnapshot } from './snapshot.ts';

const { StepCommand, SnapshotCommand } = loadProtos().tree.fes.orchestration.v1;
const { GenericEventRequest } = loadProtos().tree.fes.common.events;

/** google.rpc.Code FAILED_PRECONDITION. */
const REFUSED = 9;

/** Does what commands say and answers them as the script has it. Its tick is the number of events reported, and of steps made. */
export class Obedience {
  tick = 0;
  readonly gate = new Gate();
  /** Resolves when told to stop, and willing to. */
  readonly stopped: Promise<void>;
  readonly #stop = Promise.withResolvers<void>();
  readonly #service: Service;
  readonly #script: FakeWorkerScript;
  readonly #done = new Set<string>();

  constructor(service: Service, script: FakeWorkerScript) {
    this.#service = service;
    this.#script = script;
    this.stopped = this.#stop.promise;
  }

  async hear(command: GenericEventRequestOutput): Promise<void> {
    const { answers = 'acknowledge', echo = false, ignore = [] } = this.#script;
    const isNew = !this.#done.has(command.eventId);
    this.#done.add(command.eventId);
    if (isNew && echo) await this.#echo(command);
    if (answers === 'ignore') return;
    if (answers === 'refuse') return this.#answer(command, { ok: false, code: REFUSED, message: 'as the script says' });
    if (isNew) this.#obey(command);
    const isStop = command.eventTypeKey === 'orchestrator.control.stop_worker';
    if (isStop && ignore.includes('stop')) return;
    const snapshotRef = isNew ? this.#snapshot(command) : undefined;
    await this.#answer(command, { ok: true, tick: this.tick, result: command.eventPayload, snapshotRef });
    if (isStop) this.#stop.resolve();
  }

  #obey({ eventTypeKey, eventPayload }: GenericEventRequestOutput): void {
    if (eventTypeKey === 'orchestrator.control.pause') this.gate.hold();
    else if (eventTypeKey === 'orchestrator.control.resume') this.gate.open();
    else if (eventTypeKey === 'orchestrator.control.reset') this.tick = 0;
    else if (eventTypeKey === 'orchestrator.control.step')
      this.tick += Number(StepCommand.deserialize(eventPayload).ticks);
  }

  #snapshot({ eventTypeKey, eventPayload }: GenericEventRequestOutput): string | undefined {
    if (eventTypeKey !== 'orchestrator.control.snapshot') return undefined;
    const { name } = SnapshotCommand.deserialize(eventPayload);
    return writeSnapshot(process.env, name, this.tick, this.#script.half_snapshot === true);
  }

  async #answer(command: GenericEventRequestOutput, ack: CommandAck): Promise<void> {
    await this.#service.acknowledge(command.eventId, ack);
  }

  async #echo({ eventId, eventTypeKey, eventPayload, attributes }: GenericEventRequestOutput): Promise<void> {
    await this.#service.reportEvent(
      GenericEventRequest.serialize({
        eventId: `heard-${eventId}`,
        eventTypeKey: 'fake.heard.v1',
        correlationId: eventId,
        eventPayload,
        attributes: { ...attributes, command: eventTypeKey },
      }),
    );
  }
}
