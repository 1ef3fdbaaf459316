import { beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../../src/adapters/grpc/proto-loading.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { Announcements } from '../../../../src/domain/simulation/announcements.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { readEnvelope } from '../../../support/fakes/messages.ts';
import { settle } from '../../../support/fakes/settle.ts';

describe('announcements', () => {
  let domain: DomainUnderTest;
  let told: number;

  beforeEach(() => {
    domain = new DomainUnderTest();
    domain.registry.onChange((change) => domain.announcements.changed(change));
    told = 0;
  });

  /** As the daemon does: what the supervisor tells goes on to the announcements. */
  function passOn(): void {
    for (const event of domain.events.slice(told)) domain.announcements.supervised(event);
    told = domain.events.length;
  }

  function states(id: SimulationId) {
    const { Simulation } = loadProtos().tree.fes.orchestration.v1;
    return domain.bus.published
      .filter(({ subject }) => subject === `orchestrator.simulation.${id}.state`)
      .map(({ bytes }) => readEnvelope(bytes))
      .map((envelope) => ({ envelope, simulation: Simulation.deserialize(envelope.eventPayload) }));
  }

  function crashes() {
    return domain.bus.published
      .filter(({ subject }) => subject === 'orchestrator.worker_crash')
      .map(({ bytes }) => readEnvelope(bytes));
  }

  test('come soon after what they tell of, as it was then, so that whoever made the change does not wait for them', async () => {
    const later: (() => void)[] = [];
    const { bus, codec, registry, clock, ids } = domain;
    const soon = (work: () => void): void => void later.push(work);
    const onFailure = (error: unknown): void => void domain.announcementFailures.push(error);
    const parts = { bus, codec, registry, clock, ids, orchestratorId: 'shoal-test', soon, onFailure };
    const announcements = new Announcements(parts);
    const id = await domain.run({ simulationId: 'reef-1' });
    const before = states(id).length;
    registry.figures.of(id).eventsReceived = 3;
    announcements.changed({ kind: 'changed', after: { simulation: registry.get(id), revision: 77 } });
    registry.figures.of(id).eventsReceived = 9;
    expect(states(id)).toHaveLength(before);
    for (const work of later) work();
    expect(states(id).at(-1)?.simulation).toMatchObject({ revision: '77', eventsReceived: '3' });
  });

  test('tell every state of a simulation, in order, as an envelope of Shoal', async () => {
    const id = await domain.run({ simulationId: 'reef-1', labels: { owner: 'mira' } });
    domain.registry.figures.of(id).eventsReceived = 3;
    await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: true, graceMs: 0 });
    await settle();
    const announced = states(id);
    expect(announced.map(({ simulation }) => simulation.state)).toEqual(
      ['PENDING', 'STARTING', 'RUNNING', 'STOPPING', 'STOPPED'].map((state) => `SIMULATION_STATE_${state}`),
    );
    expect(new Set(announced.map(({ envelope }) => envelope.eventId)).size).toBe(5);
    expect(announced.at(-1)).toMatchObject({
      envelope: {
        eventTypeKey: 'orchestrator.simulation_state.v1',
        sourceWorkerId: 'shoal-test',
        simulationId: id,
        timestampNs: `${domain.clock.nowMs()}000000`,
        payloadContentType: 'application/protobuf; message=fes.orchestration.v1.Simulation',
      },
      simulation: {
        simulationId: id,
        workerId: 'w-1',
        incarnation: 1,
        labels: { owner: 'mira' },
        reason: 'STOPPED_BY_REQUEST',
        exitSignal: 'SIGKILL',
        eventsReceived: '3',
        revision: String(domain.registry.view(id).revision),
      },
    });
  });

  test('tell nothing when nothing that others follow has changed', async () => {
    const id = await domain.run();
    const before = domain.bus.published.length;
    await domain.registry.change(id, (present) => ({ ...present, message: 'a word' }));
    expect(domain.bus.published.length).toBe(before);
    await domain.registry.change(id, (present) => ({ ...present, incarnation: 2 }));
    expect(domain.bus.published.length).toBe(before + 1);
  });

  test('tell nothing of a simulation that is forgotten', async () => {
    domain = new DomainUnderTest({ limits: { maxFinalSimulations: 0 } });
    domain.registry.onChange((change) => domain.announcements.changed(change));
    const id = await domain.run();
    domain.program(id).exit({ code: 0 });
    await settle();
    const before = states(id).length;
    await domain.launch();
    expect([domain.registry.find(id), states(id).length]).toEqual([undefined, before]);
  });

  test('tell of a crash what the contract promises to alerting', async () => {
    const id = await domain.run({ simulationId: 'reef-1' });
    domain.program(id).write('out of water', 'stderr');
    domain.program(id).exit({ code: 3 });
    await settle();
    passOn();
    const [crash, ...others] = crashes();
    expect(others).toEqual([]);
    expect(crash).toMatchObject({
      eventTypeKey: 'orchestrator.worker_crash.v1',
      sourceWorkerId: 'shoal-test',
      simulationId: id,
      payloadContentType: 'application/json',
    });
    expect(JSON.parse(crash?.eventPayload.toString() ?? '')).toEqual({
      simulation_id: 'reef-1',
      worker_id: 'w-1',
      incarnation: 1,
      exit_code: 3,
      signal: null,
      reason: 'WORKER_CRASHED',
      message: 'exited 3 after 120 ms; last lines: out of water',
      will_restart: false,
      time: new Date(domain.clock.nowMs()).toISOString(),
    });
  });

  test('tell of a worker that was killed, and of one that Shoal had to end', async () => {
    const killed = await domain.run();
    domain.program(killed).exit({ signal: 'SIGKILL' });
    await domain.launch();
    await domain.clock.advance(10_000);
    passOn();
    expect(crashes().map(({ eventPayload }) => JSON.parse(eventPayload.toString()))).toEqual([
      expect.objectContaining({ reason: 'WORKER_CRASHED', exit_code: null, signal: 'SIGKILL' }),
      expect.objectContaining({ reason: 'REGISTER_TIMEOUT', exit_code: null, signal: 'SIGKILL' }),
    ]);
  });

  test('tell of no crash when a run completes, is stopped, or its worker is replaced', async () => {
    const completed = await domain.run();
    domain.program(completed).exit({ code: 0 });
    const stopped = await domain.run();
    await domain.supervisor.stop(stopped, 'STOPPED_BY_REQUEST', { force: true, graceMs: 0 });
    const reset = await domain.run();
    const replaced = domain.supervisor.replaceWorker(reset, {});
    await settle();
    domain.program(reset).exit({ code: 3 });
    await replaced;
    passOn();
    expect(crashes()).toEqual([]);
  });

  test('that cannot be published are reported, and change nothing else', async () => {
    domain.bus.failure = new Error('bus away');
    const id = await domain.run();
    expect([domain.state(id), domain.announcementFailures]).toEqual(['RUNNING', Array(3).fill(domain.bus.failure)]);
  });
});
