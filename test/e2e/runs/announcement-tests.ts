import { describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import type { Stage } from './stage.ts';
import type { NatsWitness } from './witness.ts';

const { Simulation } = loadProtos().tree.fes.orchestration.v1;

/** What Shoal tells of itself on `orchestrator.>`. */
export function announcementTests(stage: () => Stage, witness: () => NatsWitness): void {
  const announced = (subject: string) =>
    witness()
      .announcements.filter((each) => each.subject === subject)
      .map(({ bytes }) => readEnvelope(bytes));

  test('orchestrator.worker_crash tells of the worker that was killed, and of no other', async () => {
    const { victim } = stage().ensemble;
    const { workerId, orchestratorId } = await stage().daemon.client.get(victim);
    const [crash, ...others] = announced('orchestrator.worker_crash');
    expect(others).toEqual([]);
    expect(crash).toMatchObject({
      eventTypeKey: 'orchestrator.worker_crash.v1',
      payloadContentType: 'application/json',
      sourceWorkerId: orchestratorId,
      simulationId: victim,
    });
    expect(JSON.parse(String(crash?.eventPayload))).toMatchObject({
      simulation_id: victim,
      worker_id: workerId,
      incarnation: 1,
      exit_code: null,
      signal: 'SIGKILL',
      reason: 'WORKER_CRASHED',
      will_restart: false,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  describe('orchestrator.simulation.{id}.state', () => {
    const statesOf = (simulationId: string) =>
      announced(`orchestrator.simulation.${simulationId}.state`).map(({ eventPayload }) =>
        Simulation.deserialize(eventPayload),
      );
    const changesOf = (simulationId: string) => {
      const states = statesOf(simulationId).map(({ state }) => state.slice('SIMULATION_STATE_'.length));
      return states.filter((state, at) => state !== states[at - 1]);
    };

    test('tells every change of a run, to its end', () => {
      expect(changesOf('fake-1')).toEqual(['PENDING', 'STARTING', 'PAUSED', 'RUNNING', 'COMPLETED']);
      expect(changesOf('plain-1')).toEqual(['PENDING', 'STARTING', 'RUNNING']);
      expect(changesOf(stage().ensemble.victim)).toEqual(['PENDING', 'STARTING', 'PAUSED', 'RUNNING', 'FAILED']);
      expect(changesOf('stop-asked')).toEqual(['PENDING', 'STARTING', 'RUNNING', 'STOPPING', 'STOPPED']);
    });

    test('carries the whole record, as GetSimulationStatus tells it', async () => {
      const { eventsReceived, eventsLogged, lastTick, ...record } = await stage().daemon.client.get('fake-1');
      const [last] = statesOf('fake-1').slice(-1);
      expect(last).toMatchObject(record);
      const [envelope] = announced('orchestrator.simulation.fake-1.state').slice(-1);
      expect(envelope).toMatchObject({
        eventTypeKey: 'orchestrator.simulation_state.v1',
        payloadContentType: 'application/protobuf; message=fes.orchestration.v1.Simulation',
        simulationId: 'fake-1',
      });
    });

    test('comes in the order of revisions', () => {
      for (const simulationId of stage().ensemble.ids) {
        const revisions = statesOf(simulationId).map(({ revision }) => Number(revision));
        expect(revisions.length).toBeGreaterThanOrEqual(3);
        expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      }
    });
  });

  test('GetInfo tells of the server', async () => {
    expect(await stage().daemon.client.info()).toMatchObject({
      messagingAdapter: 'nats',
      durability: 'acknowledged',
      natsServerVersion: witness().connection.info?.version,
    });
  });

  test('/metrics tells of the connection and of the log', async () => {
    const metrics = await stage().daemon.metrics();
    for (const line of [
      /^shoal_nats_connected 1$/m,
      /^shoal_nats_reconnects_total 0$/m,
      /^shoal_log_in_flight \d+$/m,
      /^shoal_bus_waiting_batches \d+$/m,
    ]) {
      expect(metrics).toMatch(line);
    }
  });
}
