import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';

const MAX_BATCH_BYTES = 200_000;
const MAX_CONFIG_BYTES = 100_000;

let daemon: InProcessDaemon;
let puppet: Puppet;
beforeAll(async () => {
  const limits = { max_batch_bytes: MAX_BATCH_BYTES, max_event_bytes: 100_000, max_run_config_bytes: MAX_CONFIG_BYTES };
  daemon = await startDaemon({ workerTypes: [puppetType()], limits });
  puppet = await startRegistered(daemon);
});
afterAll(() => daemon[Symbol.asyncDispose]());

const event = (bytes: number) => envelope({ eventTypeKey: 'sim.a.v1', eventPayload: Buffer.alloc(bytes) });

/** Of a worker twice the largest batch: within it a message is refused by what is in it, beyond it as a message. */
describe('a message that is too large', () => {
  test('from a worker, of more than twice max_batch_bytes, is RESOURCE_EXHAUSTED, one within it is answered by the limit of an event', async () => {
    expect(await failureOf(puppet.reportEvent(event(2 * MAX_BATCH_BYTES - 1_000)))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('max_event_bytes'),
    });
    expect(await failureOf(puppet.reportEvent(event(2 * MAX_BATCH_BYTES)))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
    });
  });

  test('from a client, of more than a configuration may take, is RESOURCE_EXHAUSTED, one within it is answered by the limit of a configuration', async () => {
    const start = (bytes: number) => {
      const configBlob = Buffer.alloc(bytes);
      return failureOf(daemon.client.start({ workerType: 'puppet', configBlob, configContentType: 'a/b' }));
    };
    const max = 6 * MAX_CONFIG_BYTES + 256 * 1024;
    expect(await start(max - 1_000)).toMatchObject({ metadata: { field: 'config_blob' } });
    expect(await start(max)).toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
  });

  test('ends its call and nothing else', async () => {
    const stream = puppet.reportEventStream();
    stream.send(event(10));
    await stream.answers.count(1);
    await failureOf(puppet.reportEvent(event(3 * MAX_BATCH_BYTES)));
    stream.send(event(10));
    await stream.answers.count(2);
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
  });
});

describe('a deadline', () => {
  test('that passes ends a subscription, and nothing of it is left', async () => {
    const subscribers = async () => {
      const metrics = await (await fetch(`http://${daemon.addresses.http}/metrics`)).text();
      return Number(/^shoal_event_subscribers (\d+)$/m.exec(metrics)?.[1]);
    };
    const events = daemon.client.subscribe({}, { deadlineMs: 300 });
    await events.live;
    expect(await subscribers()).toBe(1);
    expect(await events.ended()).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await until('the subscription is gone', async () => (await subscribers()) === 0);
  });
});
