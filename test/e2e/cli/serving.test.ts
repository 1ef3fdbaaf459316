import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type ConfigFolder, writeConfig } from '../../support/daemon/daemon-config.ts';
import { until } from '../../support/daemon/until.ts';
import { FISH, ServedShoal, script } from './served-shoal.ts';
import { ShoalProcess, shoal } from './shoal-process.ts';

/** Ends by nothing but SIGKILL, in two graces. */
const STUBBORN = script('stubborn', "trap '' TERM; echo deaf; while true; do sleep 1; done", {
  stop: { grace: '30s' },
});

const folders: ConfigFolder[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await folder[Symbol.asyncDispose]();
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s stops gracefully: workers gone, exit 0', async (signal) => {
  await using daemon = await ServedShoal.start({ workerTypes: [FISH, script('plain', 'sleep 1000 & sleep 1000')] });
  await daemon.done(['start', 'fish', '--wait']);
  await daemon.done(['start', 'plain', '--wait']);
  await until('the shell has its children', () => daemon.workers().length >= 4);
  daemon.serve.child.kill(signal);
  const { exitCode, stdout, stderr } = await daemon.serve.ended;
  expect([exitCode, stdout]).toEqual([0, '']);
  expect(stderr).toMatch(/"msg":"stopped"}\n$/);
  expect(daemon.workers()).toEqual([]);
});

test('a second signal does not wait for workers, and is told by exit 130', async () => {
  await using daemon = await ServedShoal.start({ workerTypes: [STUBBORN] });
  await daemon.done(['start', 'stubborn', '--id', 'mule', '--wait']);
  // It runs from its launch on, and is deaf to signals a little later.
  await until('it is deaf', async () => (await daemon.done(['logs', 'mule'])).includes('deaf'));
  daemon.serve.child.kill('SIGINT');
  await daemon.serve.said('"state":"STOPPING"');
  expect(daemon.workers()).not.toEqual([]);
  const askedAgain = performance.now();
  const { exitCode } = await daemon.serve.insist('SIGINT');
  expect(exitCode).toBe(130);
  expect(performance.now() - askedAgain).toBeLessThan(15_000);
  expect(daemon.workers()).toEqual([]);
});

test('every problem of the configuration is told with its place, exit 78', async () => {
  const { configFile } = await folder({ sections: { grcp: 1, logging: { level: 'loud' } } });
  const { exitCode, stdout, stderr } = await shoal(['serve', '--config', configFile]);
  expect([exitCode, stdout]).toEqual([78, '']);
  const [first, second, ...more] = stderr.trimEnd().split('\n');
  expect(first).toMatch(/shoal\.yaml:\d+:\d+ logging\.level: is the text "loud"; expected trace, debug, /);
  expect(second).toMatch(/shoal\.yaml:\d+:\d+ grcp: is not a known key; did you mean `grpc`\?/);
  expect(more).toEqual([]);
  const absent = await shoal(['serve', '--config', `${configFile}.not`]);
  expect([absent.exitCode, absent.stderr]).toEqual([78, expect.stringMatching(/shoal\.yaml\.not: does not exist/)]);
});

test.each(['grpc.client.listen', 'grpc.worker.listen', 'http.listen'])(
  'a port in use names %s and who holds it',
  async (key) => {
    const { configFile } = await folder({});
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { exitCode, stderr } = await shoal(['serve', '--config', configFile, '--set', `${key}=127.0.0.1:${port}`]);
    holder.close();
    expect(exitCode).toBe(78);
    const [last] = stderr.trimEnd().split('\n').slice(-1);
    expect(last).toContain(`shoal: ${key}: cannot listen on 127.0.0.1:${port} (held by `);
    expect(last).toContain(`(pid ${process.pid})`);
  },
);

/** Each of them names another address of this machine. */
const FROM_FILE = { listen: '127.0.0.2:0' };
const FROM_ENVIRONMENT = { SHOAL__HTTP__LISTEN: '127.0.0.3:0' };
const FROM_FLAG = ['--set', 'http.listen=127.0.0.4:0'];

test.each([
  ['the default', {}, {}, [], '127.0.0.1:9464'],
  ['the file, which wins over the default', FROM_FILE, {}, [], '127.0.0.2:'],
  ['the environment, which wins over the file', FROM_FILE, FROM_ENVIRONMENT, [], '127.0.0.3:'],
  ['a flag, which wins over the environment', FROM_FILE, FROM_ENVIRONMENT, FROM_FLAG, '127.0.0.4:'],
] as const)('what counts is %s', async (_name, http, environment, flags, address) => {
  const { configFile } = await folder({ sections: { http } });
  await using serve = new ShoalProcess(['serve', '--config', configFile, ...flags], { environment });
  // Somebody else may have the default's port: then this is what is said of it.
  await until('its address', () => serve.stderr.includes('"http":') || serve.stderr.includes('cannot listen'));
  expect(/(?:"http":"|cannot listen on )(\S+?:\d+)/.exec(serve.stderr)?.[1]).toMatch(address);
  serve.child.kill('SIGTERM');
  await serve.ended;
});

test('flags that set nothing are refused like keys of the file', async () => {
  const unknown = await shoal(['serve', '--set', 'grpc.client.listn=x', '--set', 'a b=1']);
  expect(unknown.exitCode).toBe(78);
  expect(unknown.stderr).toContain('override grpc.client.listn: is not a known key; did you mean `listen`?');
  expect(unknown.stderr).toContain('"a b" is no path');
  const unreadable = await shoal(['serve', '--set', 'limits.max_labels=[', '--set', 'data_dir={']);
  expect([unreadable.exitCode, unreadable.stderr]).toEqual([
    78,
    expect.stringMatching(/--set limits\.max_labels:1:\d+: .*\n--set data_dir:1/),
  ]);
});

test('an error that nobody caught stops the workers before the daemon ends with 1', async () => {
  const bomb = `export const plugin = {
    apiVersion: 1, name: 'bomb', description: '', optionsSchema: {},
    describe: () => ({
      description: '', events: [], commands: ['stop'], acknowledges: false, registers: false,
      launch() {
        setTimeout(() => { throw new Error('boom'); }, 0);
        return { executable: '/bin/sleep', args: ['1000'] };
      },
    }),
  };`;
  const { folder: home } = await folder({});
  await writeFile(join(home, 'bomb.mjs'), bomb);
  const workerTypes = [script('plain', 'sleep 1000'), { name: 'bomb', plugin: join(home, 'bomb.mjs') }];
  await using daemon = await ServedShoal.start({ workerTypes });
  await daemon.done(['start', 'plain', '--wait']);
  await daemon.shoal(['start', 'bomb']);
  const { exitCode, stderr } = await daemon.serve.ended;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/"message":"boom".*"msg":"uncaught error"/);
  expect(stderr).toMatch(/"msg":"stopped"}\n$/);
  expect(daemon.workers()).toEqual([]);
});

async function folder(options: Parameters<typeof writeConfig>[0]): Promise<ConfigFolder> {
  const made = await writeConfig(options);
  folders.push(made);
  return made;
}
