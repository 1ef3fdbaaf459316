import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReadersFolder } from '../docs/page.ts';
import { ShoalProcess, shoalDone } from './shoal-process.ts';

const readme = readFileSync('README.md', 'utf8');
const FREE_PORTS = {
  SHOAL__GRPC__WORKER__LISTEN: '127.0.0.1:0',
  SHOAL__GRPC__CLIENT__LISTEN: '127.0.0.1:0',
  SHOAL__HTTP__LISTEN: '127.0.0.1:0',
  // Workers look up `node` on the daemon's PATH, and a machine's own may be too old.
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
};

describe('the README', () => {
  let folder: ReadersFolder;

  beforeAll(async () => {
    folder = await ReadersFolder.of('README.md');
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  test('its quick start works, line by line', async () => {
    await using serve = await serving([], folder.path);
    const [, quickStart = ''] = /^## Quick start\n(.*?)^## /ms.exec(readme) ?? [];
    const commands = [...quickStart.matchAll(/^\$ npm run -s shoal -- (.*)$/gm)].map(([, line = '']) => line);
    expect(commands.shift()).toBe('serve');
    expect(commands.length).toBeGreaterThan(8);
    for (const line of commands) {
      const [command = '', pipe] = line.split(' | ');
      if (pipe === undefined) await run(command, serve.address);
      else {
        await using events = new ShoalProcess(command.split(' '), { environment: { SHOAL_ADDRESS: serve.address } });
        await events.printed(/^\S+Z {2}\d+ {2}reef {2}sim\.world_state\.v1 {2}\d+ B {2}tick=\d+\n/);
      }
    }
  });

  test('its configuration is valid, and its worker obeys', async () => {
    const file = join(folder.path, 'ticker.yaml');
    expect(await shoalDone(['config', 'check', file], { environment: FREE_PORTS })).toBe(`${file} is valid\n`);
    await using serve = await serving(['--config', file], folder.path);
    await run('start ticker --id t --paused --wait', serve.address);
    await using events = new ShoalProcess(['events', 't'], { environment: { SHOAL_ADDRESS: serve.address } });
    await events.connected(serve.address);
    expect(await run('resume t', serve.address)).toMatch(/RUNNING/);
    await events.printed(/t {2}my\.tick\.v1 {2}\d+ B/);
    expect(await run('pause t', serve.address)).toMatch(/PAUSED +\d+ +applied/);
    expect(await run('stop t', serve.address)).toMatch(/STOPPED/);
    expect(await run('get t -o json', serve.address)).toContain('"exitCode": 0');
  });

  test('its links lead somewhere', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !link.includes(':'));
    expect(links.filter((link) => !existsSync(resolve(link)))).toEqual([]);
    expect(links).toContain('docs/demo.svg');
  });

  test('its picture is a recording of the demo as it is', () => {
    const svg = readFileSync('docs/demo.svg', 'utf8');
    for (const text of ['shoal demo', 'lagoon', 'shoal step lagoon --ticks 5', 'What next:']) {
      expect(svg).toContain(text);
    }
  });
});

function run(line: string, address: string): Promise<string> {
  return shoalDone(line.split(' '), { environment: { SHOAL_ADDRESS: address } });
}

async function serving(args: readonly string[], home: string) {
  const environment = { ...FREE_PORTS, HOME: home, SHOAL__LOGGING__FORMAT: 'json' };
  const serve = new ShoalProcess(['serve', ...args], { environment });
  await serve.said('"ready"');
  const [, address = ''] = /"clients":"([^"]+)"/.exec(serve.stderr) ?? [];
  return {
    address,
    async [Symbol.asyncDispose]() {
      serve.child.kill('SIGTERM');
      await serve.ended;
    },
  };
}
