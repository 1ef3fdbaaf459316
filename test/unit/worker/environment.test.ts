import { describe, expect, test } from 'vitest';
import { WorkerEnvironmentError, workerEnvironment } from '../../../src/worker/worker.ts';

const grpc = {
  SHOAL_WORKER_ID: 'worker-1',
  SHOAL_SIMULATION_ID: 'run_7',
  SHOAL_INCARNATION: '2',
  SHOAL_GRPC_ADDRESS: '127.0.0.1:50051',
  SHOAL_WORKER_TOKEN: 'secret-token',
  SHOAL_COMMAND_TRANSPORT: 'grpc',
};
const nats = {
  ...grpc,
  SHOAL_COMMAND_TRANSPORT: 'nats',
  SHOAL_NATS_URL: 'nats://a:4222, nats://b:4222',
  SHOAL_COMMAND_SUBJECT: 'commands.worker.worker-1.control',
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    workerEnvironment(env);
  } catch (error) {
    if (error instanceof WorkerEnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment of a worker', () => {
  test('is read whole', () => {
    const env = {
      ...nats,
      SHOAL_GRPC_CA_FILE: '/run/ca.pem',
      SHOAL_NATS_CREDS_FILE: '/run/worker.creds',
      SHOAL_NATS_INBOX_PREFIX: '_INBOX_worker-1',
      SHOAL_CONFIG_FILE: '/run/config.json',
      SHOAL_SEED: '18446744073709551615',
      SHOAL_SNAPSHOT_DIR: '/run/snapshots',
      SHOAL_RESTORE_FILE: '/run/snapshots/a',
      SHOAL_ORPHAN_TIMEOUT_MS: '1500',
      TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    expect(workerEnvironment(env)).toEqual({
      workerId: 'worker-1',
      simulationId: 'run_7',
      incarnation: 2,
      grpcAddress: '127.0.0.1:50051',
      grpcCaFile: '/run/ca.pem',
      token: 'secret-token',
      commands: {
        kind: 'nats',
        urls: ['nats://a:4222', 'nats://b:4222'],
        subject: 'commands.worker.worker-1.control',
        credsFile: '/run/worker.creds',
        inboxPrefix: '_INBOX_worker-1',
      },
      configFile: '/run/config.json',
      configContentType: 'application/json',
      seed: 2n ** 64n - 1n,
      snapshotDir: '/run/snapshots',
      restoreFile: '/run/snapshots/a',
      orphanTimeoutMs: 1_500,
      traceparent: env.TRACEPARENT,
    });
  });

  test('needs no NATS where commands come over gRPC, and takes empty variables for absent ones', () => {
    const environment = workerEnvironment({ ...grpc, SHOAL_SEED: '', SHOAL_NATS_URL: '' });
    expect(environment.commands).toEqual({ kind: 'grpc' });
    expect(environment).not.toHaveProperty('seed');
  });

  test('of a program started by hand is refused with every variable that is missing', () => {
    expect(problemsOf({ PATH: '/bin' }).map((problem) => problem.split(' ')[0])).toEqual([
      'SHOAL_WORKER_ID',
      'SHOAL_SIMULATION_ID',
      'SHOAL_GRPC_ADDRESS',
      'SHOAL_COMMAND_TRANSPORT',
    ]);
  });

  test.each([
    ['SHOAL_WORKER_ID', 'a b'],
    ['SHOAL_SIMULATION_ID', '../x'],
    ['SHOAL_INCARNATION', '-1'],
    ['SHOAL_GRPC_ADDRESS', 'http://127.0.0.1'],
    ['SHOAL_COMMAND_TRANSPORT', 'carrier pigeon'],
    ['SHOAL_COMMAND_SUBJECT', 'commands.>'],
    ['SHOAL_SEED', '18446744073709551616'],
    ['SHOAL_ORPHAN_TIMEOUT_MS', '1s'],
  ])('refuses %s=%s and shows the value', (name, value) => {
    const problems = problemsOf({ ...nats, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} is ${JSON.stringify(value)}: expected `);
  });

  test('never shows the token', () => {
    const problems = problemsOf({ ...grpc, SHOAL_WORKER_TOKEN: 'secret\nvalue' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('SHOAL_WORKER_TOKEN');
    expect(problems[0]).not.toContain('secret');
  });
});
