import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CallOptions, type Failure, failureOf, WITHOUT_TOKEN } from '../../support/daemon/calls.ts';
import { batch, envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { nextPuppet, type Puppet, puppetType, startPuppet, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
let one: Puppet;
let other: Puppet;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [puppetType(), puppetType({ name: 'rigid', options: { commands: ['pause'] } })],
  });
  [one, other] = [await startRegistered(daemon), await startRegistered(daemon)];
});
afterAll(() => daemon[Symbol.asyncDispose]());

const event = (fields: object = {}) => envelope({ eventTypeKey: 'sim.a.v1', ...fields });

/** How each method of the worker service fails, called as `puppet` with these options. */
const METHODS: Record<string, (puppet: Puppet, options: CallOptions) => Promise<Failure>> = {
  RegisterWorker: (puppet, options) => failureOf(puppet.register({}, options)),
  Heartbeat: (puppet, options) => failureOf(puppet.heartbeat({}, options)),
  ReportEvent: (puppet, options) => failureOf(puppet.reportEvent(event(), options)),
  ReportEventStream: (puppet, options) => {
    const stream = puppet.reportEventStream(options);
    stream.send(event());
    return stream.answers.ended();
  },
  ReportEventBatches: (puppet, options) => {
    const stream = puppet.reportEventBatches(options);
    stream.send(batch(1, [event()]));
    return stream.answers.ended();
  },
  ReceiveCommands: (puppet, options) => puppet.receiveCommands({}, options).ended(),
};

describe.each(Object.entries(METHODS))('%s', (_name, call) => {
  test.each<[string, CallOptions]>([
    ['no token', { metadata: { authorization: '' }, ...WITHOUT_TOKEN }],
    ['another scheme', { metadata: { authorization: 'Basic eDp5' }, ...WITHOUT_TOKEN }],
    ['an empty token', { metadata: { authorization: 'Bearer ' }, ...WITHOUT_TOKEN }],
    ['a token that nobody has', { token: 'x'.repeat(43) }],
  ])('with %s is UNAUTHENTICATED and says which variable to send', async (_what, options) => {
    expect(await call(one, options)).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'UNAUTHENTICATED',
      message: expect.stringContaining('SHOAL_WORKER_TOKEN'),
    });
  });

  test('tells nothing of tokens in its refusal', async () => {
    const failure = JSON.stringify(await call(one, { token: 'a-guessed-token' }));
    expect(failure).not.toContain('a-guessed-token');
    expect(failure).not.toContain(one.launch.token);
  });
});

describe('a token', () => {
  test.each(['reportEventStream', 'reportEventBatches'] as const)(
    'is asked for as soon as %s is called',
    async (name) => {
      const unauthenticated = { code: 'UNAUTHENTICATED', message: expect.stringContaining('SHOAL_WORKER_TOKEN') };
      expect(await one[name](WITHOUT_TOKEN).answers.ended()).toMatchObject(unauthenticated);
      expect(await one[name]({ token: 'a-guess' }).answers.ended()).toMatchObject(unauthenticated);
    },
  );

  test.each(['RegisterWorker', 'Heartbeat', 'ReceiveCommands'])('of another worker is refused by %s', async (name) => {
    expect(await METHODS[name]?.(one, { token: other.launch.token })).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'COMMAND_FORBIDDEN',
      metadata: { field: 'worker_id' },
    });
  });

  test('is good for its own simulation only', async () => {
    const { simulationId } = other.ids;
    const forbidden = { code: 'PERMISSION_DENIED', metadata: { field: 'simulation_id' } };
    expect(await failureOf(one.register({ simulationId }))).toMatchObject(forbidden);
    expect(await failureOf(one.heartbeat({ simulationId }))).toMatchObject(forbidden);
    expect(await one.receiveCommands({ simulationId }).ended()).toMatchObject(forbidden);
    expect(await failureOf(one.reportEvent(event({ simulationId })))).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining('simulation_id'),
    });
  });

  test('is good for events of its own worker only', async () => {
    const failure = await failureOf(one.reportEvent(event({ sourceWorkerId: other.ids.workerId })));
    expect(failure).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'COMMAND_FORBIDDEN' });
    expect(failure.message).toContain('source_worker_id');
  });

  test('of a worker that has not registered reports no events', async () => {
    const early = await startPuppet(daemon);
    const unregistered = { code: 'FAILED_PRECONDITION', reason: 'NOT_REGISTERED' };
    expect(await failureOf(early.reportEvent(event()))).toMatchObject(unregistered);
    expect(await early.reportEventStream().answers.ended()).toMatchObject(unregistered);
    expect(await early.reportEventBatches().answers.ended()).toMatchObject(unregistered);
  });

  test('may be used for commands before registration, so that none is missed', async () => {
    const early = await startPuppet(daemon);
    await expect(early.receiveCommands().live).resolves.toBeDefined();
  });

  test('ends with its worker: open streams end UNAUTHENTICATED, and so does every later call', async () => {
    const puppet = await startRegistered(daemon);
    const [events, batches, commands] = [
      puppet.reportEventStream(),
      puppet.reportEventBatches(),
      puppet.receiveCommands(),
    ];
    events.send(event());
    batches.send(batch(1, [event()]));
    await Promise.all([events.answers.count(1), batches.answers.count(1), commands.live]);
    await daemon.client.control(puppet.ids.simulationId, { stop: { force: true } });
    for (const stream of [events.answers, batches.answers, commands]) {
      expect(await stream.ended()).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'UNAUTHENTICATED' });
    }
    expect(await failureOf(puppet.register())).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('is refused once a newer incarnation is launched', async () => {
    const first = await startRegistered(daemon, { workerType: 'rigid' });
    const reset = daemon.client.control(first.ids.simulationId, { reset: {} });
    const second = await nextPuppet(first.ids.simulationId, 2);
    expect(await failureOf(first.reportEvent(event()))).toMatchObject({ code: 'UNAUTHENTICATED' });
    await second.register();
    expect(await reset).toMatchObject({ completed: true });
    await expect(second.reportEvent(event())).resolves.toBeDefined();
  });
});
