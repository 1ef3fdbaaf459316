import { describe, expect, test } from 'vitest';
import type { Stage } from './stage.ts';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function parse(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/i.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, key = '', text = '']) => [key, text]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** /metrics, after all that has happened. */
export function metricsTests(stage: () => Stage): void {
  const samples = async () => parse(await stage().daemon.metrics());
  const sum = (of: readonly Sample[], name: string, labels: object = {}): number =>
    of
      .filter((sample) => sample.name === name)
      .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
      .reduce((total, { value }) => total + value, 0);

  describe('/metrics', () => {
    test('counts events by worker type and key, received and logged', async () => {
      const now = await samples();
      for (const key of ['fake.logged.v1', 'fake.quiet.v1', 'sim.agent_observation.v1']) {
        const labels = { worker_type: 'fake', event_type_key: key };
        expect(sum(now, 'shoal_events_received_total', labels)).toBeGreaterThanOrEqual(29_000);
      }
      expect(sum(now, 'shoal_events_logged_total', { event_type_key: 'fake.logged.v1' })).toBeGreaterThanOrEqual(
        29_000,
      );
      expect(sum(now, 'shoal_events_logged_total', { event_type_key: 'fake.quiet.v1' })).toBe(0);
      expect(sum(now, 'shoal_events_received_total', { worker_type: 'fish' })).toBeGreaterThan(10_000);
    });

    test('counts calls by method and status, workers by what became of them, simulations by state', async () => {
      const now = await samples();
      const started = { method: '/fes.orchestration.v1.OrchestratorClientService/StartSimulation', code: 'OK' };
      expect(sum(now, 'shoal_grpc_calls_total', started)).toBe(23);
      expect(sum(now, 'shoal_grpc_calls_total', { listener: 'worker grpc', code: 'OK' })).toBeGreaterThan(16);
      expect(sum(now, 'shoal_workers_total', { event: 'launched' })).toBe(24);
      expect(sum(now, 'shoal_workers_total', { event: 'launched', worker_type: 'plain' })).toBe(4);
      expect(sum(now, 'shoal_simulations', { state: 'FAILED' })).toBe(1);
      expect(sum(now, 'shoal_simulations', { state: 'RUNNING', worker_type: 'plain' })).toBe(4);
    });

    test('times commands by name and result', async () => {
      const now = await samples();
      expect(
        sum(now, 'shoal_command_duration_seconds_count', { command: 'pause', result: 'ok' }),
      ).toBeGreaterThanOrEqual(3);
      expect(sum(now, 'shoal_command_duration_seconds_count', { result: 'CAPABILITY_UNSUPPORTED' })).toBe(3);
      expect(sum(now, 'shoal_command_acks_total')).toBeGreaterThan(20);
    });

    test('tells of agent actions, the event loop and the process', async () => {
      const names = new Set((await samples()).map(({ name }) => name));
      for (const name of [
        'shoal_agent_actions_relayed_total',
        'shoal_agent_actions_dropped_total',
        'shoal_event_subscribers',
        'shoal_events_rejected_total',
        'shoal_nodejs_eventloop_lag_seconds',
        'shoal_process_resident_memory_bytes',
      ]) {
        expect(names).toContain(name);
      }
    });

    test('has no id as a label, nor any value that is one', async () => {
      const { simulations } = await stage().daemon.client.list({ pageSize: 1_000 });
      const ids = new Set(simulations.flatMap(({ simulationId, workerId }) => [simulationId, workerId]));
      const now = await samples();
      expect(now.length).toBeGreaterThan(100);
      const labels = now.flatMap((sample) => Object.entries(sample.labels));
      expect(labels.filter(([, value]) => ids.has(value))).toEqual([]);
      expect(labels.filter(([name]) => /(^|_)id$/.test(name))).toEqual([]);
    });
  });
}
