import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { examine } from './examine.ts';
import { FISH, ServedShoal, script } from './served-shoal.ts';
import { shoal, shoalDone } from './shoal-process.ts';

test('where nothing is missing, every line says ok, in every format', async () => {
  await using config = await writeConfig({ workerTypes: [FISH] });
  const { exitCode, ok, checks } = await examine(config);
  expect([exitCode, ok]).toEqual([0, true]);
  const { 'nats-server': natsServer, 'open files': openFiles, ...others } = checks;
  expect(Object.entries(others).map(([name, { status, cure }]) => [name, status, cure])).toEqual(
    [
      'node',
      '/proc',
      'configuration',
      'data_dir',
      'grpc.worker.listen',
      'grpc.client.listen',
      'http.listen',
      'messaging',
      'worker type fish',
    ].map((name) => [name, 'ok', '']),
  );
  // These two are as the machine is.
  expect(natsServer?.status).toMatch(/^(ok|warn)$/);
  expect(openFiles?.status).toMatch(/^(ok|warn)$/);
  expect(checks['node']?.message).toBe(`${process.version} at ${process.execPath}`);
  expect(checks['worker type fish']?.message).toContain(`found at ${process.execPath}`);
  const args = ['doctor', '--config', config.configFile];
  expect(await shoalDone(args)).toMatch(/^ok {4}node: v\d+.*\nok {4}\/proc: can be read\n/);
  const lines = (await shoalDone([...args, '-o', 'jsonl'])).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(Object.keys(checks));
  expect(await shoalDone([...args, '--output', 'yaml'])).toMatch(/^ok: true\nchecks:\n {2}- name: node\n/);
});

test('everything that is missing is told at once, each with its cure', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const taken = `127.0.0.1:${(holder.address() as AddressInfo).port}`;
  await using config = await writeConfig({
    natsUrl: 'nats://127.0.0.1:1',
    workerTypes: [
      { name: 'gone', plugin: 'executable', options: { executable: './no-such-program' } },
      { name: 'absent', plugin: './no-such-plugin.mjs' },
      script('plain', 'true'),
    ],
    sections: {
      http: { listen: taken },
      grpc: { worker: { listen: '127.0.0.1:0' }, client: { listen: '192.0.2.1:1', insecure: true } },
    },
  });
  await writeFile(join(config.folder, 'data'), 'a file where the folder is to be');
  const { exitCode, ok, checks } = await examine(config, { PATH: config.folder });
  holder.close();
  expect([exitCode, ok]).toEqual([1, false]);
  expect(checks).toMatchObject({
    'nats-server': { status: 'warn', cure: expect.stringContaining('apt-get install nats-server') },
    configuration: { status: 'ok' },
    data_dir: {
      status: 'fail',
      message: `${config.folder}/data is no folder`,
      cure: expect.stringContaining('data_dir'),
    },
    'grpc.worker.listen': { status: 'ok' },
    'grpc.client.listen': {
      status: 'fail',
      message: 'cannot listen on 192.0.2.1:1: this machine has no such address',
      cure: 'set grpc.client.listen to another address, such as 127.0.0.1:0',
    },
    'http.listen': {
      status: 'fail',
      message: expect.stringMatching(
        new RegExp(`^cannot listen on ${taken} \\(held by \\S+ \\(pid ${process.pid}\\)\\): the port is taken$`),
      ),
      cure: 'end that process, or set http.listen to another address, such as 127.0.0.1:0',
    },
    'messaging.nats.urls': {
      status: 'fail',
      message: expect.stringContaining('no connection to 127.0.0.1:1'),
      cure: expect.stringContaining('start a nats-server -js there'),
    },
    'worker type gone': { status: 'fail', message: expect.stringContaining('no-such-program" does not exist') },
    'worker type absent': { status: 'fail', message: expect.stringContaining('no-such-plugin') },
    'worker type plain': { status: 'ok' },
  });
  for (const { status, cure } of Object.values(checks)) expect(cure === '').toBe(status === 'ok');
  const table = await shoal(['doctor', '--config', config.configFile]);
  expect([table.exitCode, table.stderr]).toEqual([1, '']);
  expect(table.stdout).toMatch(/^fail {2}data_dir: .* is no folder\n {6}mend that, or set data_dir/m);
});

test('a configuration that is none is one of the things to mend', async () => {
  await using config = await writeConfig({ sections: { grcp: 1 } });
  const { exitCode, checks } = await examine(config);
  expect(exitCode).toBe(1);
  expect(checks['configuration']).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(/shoal\.yaml:\d+:\d+ grcp: is not a known key$/),
    cure: 'did you mean `grpc`?',
  });
  expect(Object.keys(checks)).toEqual(['node', '/proc', 'nats-server', 'configuration']);
});

test('the ports of a daemon that runs are where they belong', async () => {
  await using daemon = await ServedShoal.start({ workerTypes: [] });
  const [, workers = '', http = ''] = /"workers":"([^"]+)".*"http":"([^"]+)"/.exec(daemon.serve.stderr) ?? [];
  await using config = await writeConfig({
    sections: {
      grpc: { worker: { listen: workers }, client: { listen: daemon.address } },
      http: { listen: http },
    },
  });
  const { exitCode, checks } = await examine(config);
  expect(exitCode).toBe(0);
  expect(checks).toMatchObject({
    'grpc.worker.listen': {
      status: 'ok',
      message: expect.stringMatching(/belongs to the daemon shoal-\w+, which is running$/),
    },
    'grpc.client.listen': { status: 'ok' },
    'http.listen': { status: 'ok', message: expect.stringContaining('belongs to the daemon') },
    worker_types: { status: 'warn', cure: expect.stringContaining('docs/configuration.md') },
  });
});
