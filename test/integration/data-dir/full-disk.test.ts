import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import { loggedEvents } from './logged-events.ts';
import { outsideType, startOutside } from './outside-worker.ts';

/** No file of the daemon may grow beyond this: what a full disk is to a program, for one process and without root. */
function limitFiles(daemon: ChildDaemon, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(daemon.pid), `--fsize=${bytes}:unlimited`]);
}

const event = (eventId: string) =>
  envelope({ eventTypeKey: 'sim.a.v1', eventId, eventPayload: Buffer.alloc(100_000, eventId) });

test('a full disk refuses events and keeps what was acknowledged; with space, it works again', async () => {
  const options = { workerTypes: [outsideType()] };
  await using files = await writeConfig(options);
  const file = join(files.folder, 'data', 'events.db');
  const acknowledged: string[] = [];
  {
    await using daemon = await spawnDaemon(options, files);
    const worker = await startOutside(daemon, files.folder, 'a');
    await worker.register();
    const report = async (id: string) => {
      await worker.reportEvent(event(id));
      acknowledged.push(id);
    };
    for (let at = 0; at < 10; at += 1) await report(`before-${at}`);
    limitFiles(daemon, statSync(`${file}-wal`).size + 250_000);
    const full = async () => {
      for (let at = 0; at < 1_000; at += 1) await report(`filling-${at}`);
    };
    expect(await failureOf(full())).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'BUS_UNAVAILABLE',
      message: expect.stringMatching(/events\.db cannot be used: the disk (is full|reports an error)/),
    });
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(await failureOf(worker.reportEvent(event('still-full')))).toMatchObject({ reason: 'BUS_UNAVAILABLE' });
    expect(await daemon.client.get('a')).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
    expect(await daemon.readiness()).toMatch(/^503 not ready: .*events\.db cannot be used/);

    limitFiles(daemon, 'unlimited');
    for (let at = 0; at < 10; at += 1) await report(`after-${at}`);
    expect(await daemon.readiness()).toBe('200 ready');
    const said = daemon.log.filter(({ file: of }) => of === file).map(({ msg }) => msg);
    expect(said).toEqual(['storage fails', 'storage works again']);
    worker.close();
  }
  const kept = (await loggedEvents(file)).map(({ bytes }) => readEnvelope(bytes).eventId);
  expect(kept).toEqual([...acknowledged, expect.stringMatching(/^manifest-\d+-1$/)]);
});

test('a full disk refuses commands that have a request id and sends none of them; with space, each is sent once', async () => {
  const options = { workerTypes: [outsideType()] };
  await using files = await writeConfig(options);
  const file = join(files.folder, 'data', 'commands.db');
  await using daemon = await spawnDaemon(options, files);
  const worker = await startOutside(daemon, files.folder, 'a');
  await worker.register();
  const commands = worker.receiveCommands();
  await commands.live;
  const taken: string[] = [];
  const spawn = async (requestId: string) => {
    const custom = { commandKey: 'sim.spawn', payload: Buffer.alloc(100_000), contentType: '' };
    const { commandId } = await daemon.client.control('a', { custom, requestId, waitForCompletion: false });
    taken.push(commandId);
  };
  await spawn('before');
  limitFiles(daemon, statSync(`${file}-wal`).size + 250_000);
  const full = async () => {
    for (let at = 0; at < 1_000; at += 1) await spawn(`filling-${at}`);
  };
  expect(await failureOf(full())).toMatchObject({
    code: 'UNAVAILABLE',
    reason: 'BUS_UNAVAILABLE',
    message: expect.stringMatching(/commands\.db cannot be used: the disk (is full|reports an error)/),
  });
  const refused = `filling-${taken.length - 1}`;
  expect(await failureOf(spawn(refused))).toMatchObject({ reason: 'BUS_UNAVAILABLE' });

  limitFiles(daemon, 'unlimited');
  await spawn(refused);
  await spawn(refused);
  expect(taken.at(-1)).toBe(taken.at(-2));
  await spawn('after');
  const sent = (await commands.count(new Set(taken).size)).map(({ eventId }) => eventId);
  expect(sent).toEqual([...new Set(taken)]);
  worker.close();
});
