import { beforeEach, describe, expect, test } from 'vitest';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

describe('registering', () => {
  let domain: DomainUnderTest;
  beforeEach(() => {
    domain = new DomainUnderTest();
  });

  test('tells the worker where it stands, and twice the same, the second time as resumed', async () => {
    const id = await domain.launch({ startPaused: true });
    const registration = { simulationId: id, supportedCommands: [] };
    const first = await domain.workerCalls.register(domain.worker(id), registration);
    const second = await domain.workerCalls.register(domain.worker(id), registration);
    expect(first).toMatchObject({ resumed: false, desiredState: 'PAUSED', incarnation: 1 });
    expect(first.limits.heartbeatIntervalMs).toBe(2_000);
    expect(second).toEqual({ ...first, resumed: true });
    expect(domain.events.map(({ kind }) => kind)).toEqual(['launched', 'registered']);
  });

  test('again after a pause does not set the simulation running', async () => {
    const id = await domain.run();
    await domain.registry.change(id, (present) => ({ ...present, state: 'PAUSED' }));
    const { desiredState } = await domain.workerCalls.register(domain.worker(id), {
      simulationId: id,
      supportedCommands: [],
    });
    expect([desiredState, domain.state(id)]).toEqual(['PAUSED', 'PAUSED']);
  });

  test('in STOPPING changes nothing', async () => {
    const id = await domain.launch();
    await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: false, graceMs: 1_000 });
    await domain.register(id);
    expect(domain.state(id)).toBe('STOPPING');
  });

  test.each([
    [[], ['pause', 'resume', 'step', 'stop']],
    [
      ['pause', 'stop'],
      ['pause', 'stop'],
    ],
    [['pause', 'reset'], ['pause']],
    [['reset'], []],
  ])('with the commands %j leaves those on which worker and type agree', async (spoken, agreed) => {
    domain = new DomainUnderTest({
      types: [fakeWorkerType('fish', { commands: ['pause', 'resume', 'step', 'stop'] })],
    });
    const id = await domain.launch();
    await domain.register(id, spoken);
    expect([...domain.worker(id).commands].sort()).toEqual(agreed);
  });

  test.each([
    [
      'for another simulation',
      (id: string) => ({ simulationId: `${id}x`, supportedCommands: [] }),
      'COMMAND_FORBIDDEN',
    ],
    ['without its simulation', () => ({ simulationId: '', supportedCommands: [] }), 'COMMAND_FORBIDDEN'],
    [
      'with a command that there is not',
      (id: string) => ({ simulationId: id, supportedCommands: ['fly'] }),
      'INVALID_ARGUMENT',
    ],
  ])('%s is refused, and the worker is not registered', async (_what, registration, code) => {
    const id = await domain.launch();
    await expect(domain.workerCalls.register(domain.worker(id), registration(id))).rejects.toMatchObject({ code });
    expect([domain.state(id), domain.worker(id).registered]).toEqual(['STARTING', false]);
  });
});

describe('a heartbeat', () => {
  let domain: DomainUnderTest;
  beforeEach(() => {
    domain = new DomainUnderTest();
  });

  test('before registering is refused', async () => {
    const id = await domain.launch();
    expect(() => domain.workerCalls.heartbeat(domain.worker(id), id, 1n)).toThrow(
      'call RegisterWorker before Heartbeat',
    );
  });

  test('for another simulation is refused', async () => {
    const id = await domain.run();
    const other = await domain.run();
    expect(() => domain.workerCalls.heartbeat(domain.worker(id), other, 9n)).toThrow(
      'the token is for simulation sim-1',
    );
    expect(domain.registry.view(other).figures.lastTick).toBe(0n);
  });
});

describe('a token', () => {
  let domain: DomainUnderTest;
  beforeEach(() => {
    domain = new DomainUnderTest();
  });

  const authenticate = (token: string, claimedWorkerId: string) =>
    domain.authentication.authenticate({ token, claimedWorkerId });
  const ingest = (token: string) => domain.authentication.ingestWorker({ token, claimedWorkerId: '' });

  test('is that of one worker', async () => {
    const a = domain.worker(await domain.run());
    const b = domain.worker(await domain.run());
    expect(authenticate(a.token, a.id)).toBe(a);
    expect(() => authenticate(a.token, b.id)).toThrow('the token is for worker w-1, not "w-2"');
    expect(codeOf(() => authenticate(a.token, b.id))).toBe('COMMAND_FORBIDDEN');
    expect(codeOf(() => authenticate(a.token, ''))).toBe('COMMAND_FORBIDDEN');
    expect(codeOf(() => authenticate('', a.id))).toBe('UNAUTHENTICATED');
    expect(codeOf(() => authenticate('guessed', a.id))).toBe('UNAUTHENTICATED');
    expect(codeOf(() => domain.authentication.authenticate({ claimedWorkerId: a.id }))).toBe('UNAUTHENTICATED');
  });

  test('lets its worker report once it has registered', async () => {
    const id = await domain.launch();
    const { token } = domain.worker(id);
    expect(codeOf(() => ingest(token))).toBe('NOT_REGISTERED');
    await domain.register(id);
    expect(ingest(token)).toMatchObject({ workerId: 'w-1', simulationId: id });
    expect(codeOf(() => ingest('guessed'))).toBe('UNAUTHENTICATED');
  });

  test('outlives its worker by two seconds, for what is still in the sockets', async () => {
    const id = await domain.run();
    const worker = domain.worker(id);
    domain.program(id).exit({ code: 0 });
    await domain.clock.advance(1_999);
    expect([ingest(worker.token).workerId, authenticate(worker.token, worker.id), worker.revoked.aborted]).toEqual([
      worker.id,
      worker,
      false,
    ]);
    await domain.clock.advance(1);
    expect([codeOf(() => ingest(worker.token)), codeOf(() => authenticate(worker.token, worker.id))]).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
    expect(worker.revoked.aborted).toBe(true);
  });

  test('of a worker that was replaced is refused from the moment that its successor is launched', async () => {
    const id = await domain.run();
    const old = domain.worker(id);
    const oldIngest = ingest(old.token);
    const replaced = domain.supervisor.replaceWorker(id, {});
    await settle();
    domain.program(id).exit({ code: 0 });
    await replaced;
    expect([codeOf(() => ingest(old.token)), oldIngest.revoked.aborted]).toEqual(['UNAUTHENTICATED', true]);
    await domain.clock.advance(2_000);
    expect(domain.directory.ofSimulation(id)).toBe(domain.worker(id));
    expect(domain.worker(id).id).toBe('w-2');
  });

  test('an ingest snapshot does not change once it is taken', async () => {
    const id = await domain.launch();
    const before = domain.directory.ingestSnapshot();
    await domain.register(id);
    expect([...before.workers.values()]).toEqual(['unregistered']);
    expect(domain.directory.ingestSnapshot()).not.toBe(before);
    expect(domain.directory.ingestSnapshot()).toBe(domain.directory.ingestSnapshot());
  });

  test('is not needed where workers are believed; one that is sent counts all the same', async () => {
    domain = new DomainUnderTest({ tokensRequired: false });
    const a = domain.worker(await domain.run());
    const b = domain.worker(await domain.run());
    expect(domain.authentication.authenticate({ claimedWorkerId: a.id })).toBe(a);
    expect(domain.authentication.ingestWorker({ claimedWorkerId: b.id }).workerId).toBe(b.id);
    expect(codeOf(() => authenticate(a.token, b.id))).toBe('COMMAND_FORBIDDEN');
    expect(codeOf(() => authenticate('guessed', a.id))).toBe('UNAUTHENTICATED');
    expect(codeOf(() => domain.authentication.authenticate({ claimedWorkerId: '' }))).toBe('UNAUTHENTICATED');
    expect(codeOf(() => domain.authentication.authenticate({ claimedWorkerId: 'nobody' }))).toBe('UNAUTHENTICATED');
    expect(codeOf(() => domain.authentication.authenticate({ claimedWorkerId: 'a b' }))).toBe('INVALID_ARGUMENT');
  });
});

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (thrown) {
    return (thrown as { code?: string }).code;
  }
}
