import { describe, expect, it } from 'vitest';
import { executableType, launchOf, plainPlugin, typeOf } from '../../support/plugins/catalogue-for-test.ts';

const HOST = {
  PATH: '/bin',
  HOME: '/home/shoal',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  TMPDIR: '/tmp',
  RUST_LOG: 'debug',
  AWS_SECRET: 'x',
  SHOAL__GRPC__CLIENT__LISTEN: 'y',
  NODE_OPTIONS: '--inspect',
};

describe('the environment of a worker', () => {
  it('is what the contract lists over NATS, and nothing else of the daemon', async () => {
    const type = await executableType({ executable: 'w' }, { hostEnvironment: HOST });
    const { env } = await type.plan(launchOf({ traceparent: '00-1-2-01' }));
    expect(env).toEqual({
      PATH: '/bin',
      HOME: '/home/shoal',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      TMPDIR: '/tmp',
      SHOAL_WORKER_ID: 'w1',
      SHOAL_SIMULATION_ID: 's1',
      SHOAL_INCARNATION: '2',
      SHOAL_GRPC_ADDRESS: '127.0.0.1:50051',
      SHOAL_WORKER_TOKEN: 'secret',
      SHOAL_COMMAND_TRANSPORT: 'nats',
      SHOAL_NATS_URL: 'nats://a,nats://b',
      SHOAL_COMMAND_SUBJECT: 'commands.worker.w1.control',
      SHOAL_NATS_INBOX_PREFIX: '_INBOX.w1',
      SHOAL_CONFIG_FILE: '/run/w1/config.json',
      SHOAL_CONFIG_CONTENT_TYPE: 'application/json',
      SHOAL_SEED: '18446744073709551615',
      SHOAL_SNAPSHOT_DIR: '/run/w1/snapshots',
      SHOAL_ORPHAN_TIMEOUT_MS: '30000',
      TRACEPARENT: '00-1-2-01',
    });
  });

  it('says nothing of NATS, seed and trace where there are none', async () => {
    const type = await executableType({ executable: 'w' }, { hostEnvironment: {} });
    const { seed: _, ...launch } = launchOf({ commandTransport: 'grpc' });
    const { env } = await type.plan(launch);
    expect(Object.keys(env).sort()).toEqual([
      'SHOAL_COMMAND_TRANSPORT',
      'SHOAL_CONFIG_CONTENT_TYPE',
      'SHOAL_CONFIG_FILE',
      'SHOAL_GRPC_ADDRESS',
      'SHOAL_INCARNATION',
      'SHOAL_ORPHAN_TIMEOUT_MS',
      'SHOAL_SIMULATION_ID',
      'SHOAL_SNAPSHOT_DIR',
      'SHOAL_WORKER_ID',
      'SHOAL_WORKER_TOKEN',
    ]);
  });

  it('holds the files of TLS and NATS credentials where the daemon has them', async () => {
    const endpoints = {
      grpcAddress: () => 'h:1',
      natsUrls: ['n'],
      grpcCaFile: '/ca',
      natsCredsFile: '/creds',
      orphanTimeoutMs: 1,
    };
    const type = await executableType({ executable: 'w' }, { endpoints });
    const { env } = await type.plan(launchOf());
    expect(env).toMatchObject({ SHOAL_GRPC_CA_FILE: '/ca', SHOAL_NATS_CREDS_FILE: '/creds' });
    expect((await type.plan(launchOf({ commandTransport: 'grpc' }))).env).not.toHaveProperty('SHOAL_NATS_CREDS_FILE');
  });

  it('holds the address as it is at the launch, for the port is known late', async () => {
    let grpcAddress = 'not bound';
    const type = await executableType(
      { executable: 'w' },
      { endpoints: { grpcAddress: () => grpcAddress, natsUrls: [], orphanTimeoutMs: 1 } },
    );
    grpcAddress = '127.0.0.1:41234';
    expect((await type.plan(launchOf())).env['SHOAL_GRPC_ADDRESS']).toBe('127.0.0.1:41234');
  });

  it('has what the type lists of the daemon’s variables', async () => {
    const type = await executableType(
      { executable: 'w', pass_env: ['RUST_LOG', 'NOT_SET'] },
      { hostEnvironment: HOST },
    );
    const { env } = await type.plan(launchOf());
    expect(env['RUST_LOG']).toBe('debug');
    expect(env).not.toHaveProperty('NOT_SET');
    expect(env).not.toHaveProperty('AWS_SECRET');
  });

  it('lets the plugin override what comes from the daemon', async () => {
    const type = await executableType(
      { executable: 'w', env: { PATH: '/opt/bin', HOME: '' } },
      { hostEnvironment: HOST },
    );
    expect((await type.plan(launchOf())).env).toMatchObject({ PATH: '/opt/bin', HOME: '', LANG: 'C.UTF-8' });
  });

  it('tells the launch hook all of it', async () => {
    let told: unknown;
    const launch = (context: unknown) => {
      told = context;
      return { executable: 'w' };
    };
    await (await typeOf(plainPlugin({}, { launch }))).plan(launchOf());
    expect(told).toEqual({
      workerId: 'w1',
      simulationId: 's1',
      incarnation: 2,
      token: 'secret',
      seed: 18446744073709551615n,
      grpcAddress: '127.0.0.1:50051',
      commandTransport: 'nats',
      natsUrls: ['nats://a', 'nats://b'],
      commandSubject: 'commands.worker.w1.control',
      configFile: '/run/w1/config.json',
      configContentType: 'application/json',
      snapshotDir: '/run/w1/snapshots',
      orphanTimeoutMs: 30_000,
      placeholders: {
        worker_id: 'w1',
        simulation_id: 's1',
        grpc_address: '127.0.0.1:50051',
        command_subject: 'commands.worker.w1.control',
        nats_url: 'nats://a,nats://b',
        config_file: '/run/w1/config.json',
        seed: '18446744073709551615',
      },
      signal: expect.any(AbortSignal),
    });
  });
});
