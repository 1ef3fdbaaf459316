import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { expect, inject, test } from 'vitest';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { FISH } from './served-shoal.ts';
import { ShoalProcess, shoal, shoalDone } from './shoal-process.ts';

test('config check says what serve would say, also of the plugins', async () => {
  await using good = await writeConfig({ workerTypes: [FISH] });
  expect(await shoal(['config', 'check', good.configFile])).toMatchObject({
    exitCode: 0,
    stdout: `${good.configFile} is valid\n`,
    stderr: '',
  });
  await using bad = await writeConfig({
    workerTypes: [
      { ...FISH, options: { executabel: 'x' } },
      { name: 'no', plugin: './no.mjs' },
    ],
  });
  const checked = await shoal(['config', 'check', bad.configFile]);
  expect([checked.exitCode, checked.stdout]).toEqual([78, '']);
  expect(checked.stderr).toMatch(
    /shoal\.yaml:\d+:\d+ worker_types\[0\]: plugin executable: .*executabel.*did you mean/,
  );
  expect(checked.stderr).toMatch(/shoal\.yaml:\d+:\d+ worker_types\[1\]: plugin .*no\.mjs/);
  const overridden = await shoal(['config', 'check', good.configFile], {
    environment: { SHOAL__LOGING__LEVEL: 'info' },
  });
  expect([overridden.exitCode, overridden.stderr]).toEqual([78, expect.stringContaining('SHOAL__LOGGING__LEVEL')]);
});

test('config check prints every format', async () => {
  await using bad = await writeConfig({ sections: { grcp: 1 } });
  const check = ['config', 'check', '--offline', bad.configFile];
  const problem = {
    file: bad.configFile,
    line: expect.any(Number),
    column: expect.any(Number),
    path: 'grcp',
    message: 'is not a known key; did you mean `grpc`?',
  };
  const [json, jsonl, yaml] = await Promise.all(
    ['json', 'jsonl', 'yaml'].map((format) => shoal([...check, '-o', format])),
  );
  expect(JSON.parse(json?.stdout ?? '')).toEqual({ valid: false, problems: [problem] });
  expect(JSON.parse(jsonl?.stdout ?? '')).toEqual(problem);
  expect(yaml?.stdout).toMatch(/^valid: false\nproblems:\n {2}- file: /);
});

test('config check tries the addresses and the NATS server, and --offline leaves both out', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const listen = `127.0.0.1:${port}`;
  // Whoever holds that port is no NATS server either.
  await using config = await writeConfig({ natsUrl: 'nats://127.0.0.1:1', sections: { http: { listen } } });
  const online = await shoal(['config', 'check', config.configFile]);
  expect([online.exitCode, online.stdout]).toEqual([78, '']);
  expect(online.stderr).toMatch(
    new RegExp(
      `http\\.listen: cannot listen on ${listen} \\(held by \\S+ \\(pid ${process.pid}\\)\\): the port is taken`,
    ),
  );
  expect(online.stderr).toMatch(
    /shoal\.yaml:\d+:\d+ messaging\.nats\.urls: no connection to 127\.0\.0\.1:1 .*; start a nats-server -js there/,
  );
  expect(online.stderr.trimEnd().split('\n')).toHaveLength(2);
  expect(await shoalDone(['config', 'check', config.configFile, '--offline'])).toBe(`${config.configFile} is valid\n`);
  holder.close();
});

test('config check asks the server for JetStream', async () => {
  await using server = await startNatsServer();
  await using config = await writeConfig({ natsUrl: server.url });
  expect(await shoalDone(['config', 'check', config.configFile])).toBe(`${config.configFile} is valid\n`);
  await server.restart({ jetstream: false });
  const { exitCode, stderr } = await shoal(['config', 'check', config.configFile]);
  expect([exitCode, stderr]).toEqual([
    78,
    expect.stringMatching(
      /messaging\.nats\.urls: JetStream does not answer .*; start the nats-server with JetStream \(-js\)/,
    ),
  ]);
});

test('for a managed server config check looks for the program and the address', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const nats = { managed: true, urls: [`nats://127.0.0.1:${port}`] };
  await using config = await writeConfig({ sections: { messaging: { adapter: 'nats', nats } } });
  const check = ['config', 'check', config.configFile];
  const bad = await shoal(check, { environment: { PATH: config.folder } });
  expect(bad.exitCode).toBe(78);
  expect(bad.stderr).toMatch(
    /messaging\.nats\.managed: needs a nats-server: none is found, .*; `shoal doctor` says how/,
  );
  expect(bad.stderr).toMatch(
    new RegExp(`messaging\\.nats\\.urls: cannot listen on 127\\.0\\.0\\.1:${port} \\(held by `),
  );
  await new Promise((resolve) => holder.close(resolve));
  const environment = { NATS_SERVER_BIN: inject('natsServer').path };
  expect(await shoalDone(check, { environment })).toBe(`${config.configFile} is valid\n`);
  const doctor = ['doctor', '--config', config.configFile];
  expect(await shoalDone(doctor, { environment })).toContain(`127.0.0.1:${port} is free for the managed server`);
  const missing = await shoal(doctor, { environment: { PATH: config.folder } });
  expect([missing.exitCode, missing.stdout]).toEqual([
    1,
    expect.stringMatching(/^fail {2}nats-server: none is found, .*managed needs it\n {6}Get one/m),
  ]);
});

test.each(['check', 'doctor'])('%s can be interrupted while it waits for a server', async (name) => {
  const sockets = new Set<{ destroy(): void }>();
  const mute = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  await using config = await writeConfig({ natsUrl: `nats://127.0.0.1:${(mute.address() as AddressInfo).port}` });
  const args = name === 'check' ? ['config', 'check', config.configFile] : ['doctor', '--config', config.configFile];
  await using waiting = new ShoalProcess(args);
  await once(mute, 'connection');
  waiting.child.kill('SIGINT');
  expect(await waiting.ended).toMatchObject({ exitCode: 130, stdout: '', stderr: '' });
  for (const socket of sockets) socket.destroy();
  mute.close();
});

test('config schema prints what config/shoal.schema.json holds', async () => {
  const file = JSON.parse(await readFile('config/shoal.schema.json', 'utf8'));
  expect(file.$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(JSON.parse(await shoalDone(['config', 'schema']))).toEqual(file);
  expect(JSON.parse(await shoalDone(['config', 'schema', '-o', 'jsonl']))).toEqual(file);
  expect(await shoalDone(['config', 'schema', '--output', 'yaml'])).toMatch(/^\$schema: /);
});
