import { beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../../src/adapters/grpc/proto-loading.ts';
import type { Command } from '../../../../src/domain/command/command.ts';
import type { ControlAnswer, ControlRequest } from '../../../../src/domain/command/control-request.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { invalidArgument, toShoalError } from '../../../../src/domain/shoal-error.ts';
import type { Delivery } from '../../../../src/ports/command-channel.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

const pause: Command = { name: 'pause' };
const resume: Command = { name: 'resume' };
const step: Command = { name: 'step', ticks: 5n };
const reset: Command = { name: 'reset' };
const setSpeed: Command = { name: 'set_speed', ticksPerSecond: 20 };

let domain: DomainUnderTest;
let id: SimulationId;

beforeEach(async () => {
  domain = new DomainUnderTest();
  id = await domain.run();
});

type Facts = Partial<Omit<ControlRequest, 'command'>> & { readonly principal?: string; readonly signal?: AbortSignal };

function control(command: Command, facts: Facts = {}): Promise<ControlAnswer> {
  const { principal, signal, ...request } = facts;
  return domain.control.run(anyone(principal, signal), {
    simulationId: id,
    command,
    requestId: '',
    fingerprint: command.name,
    wait: true,
    ...request,
  });
}

/** What becomes of a call, to be looked at while it may still be under way. */
function watch(call: Promise<ControlAnswer>): { outcome: ControlAnswer | string | undefined; metadata?: unknown } {
  const watched: { outcome: ControlAnswer | string | undefined; metadata?: unknown } = { outcome: undefined };
  call.then(
    (answer) => {
      watched.outcome = answer;
    },
    (thrown) => {
      const { code, metadata } = toShoalError(thrown);
      watched.outcome = code;
      watched.metadata = metadata;
    },
  );
  return watched;
}

async function paused(): Promise<void> {
  const call = control(pause);
  await settle();
  await domain.acknowledge(domain.lastCommand());
  await call;
  domain.channel.sent.length = 0;
}

describe('a command', () => {
  test('is answered when the worker has acknowledged it, and then the record says so', async () => {
    const call = watch(control(pause));
    await settle();
    expect([call.outcome, domain.state(id), domain.channel.keys]).toEqual([undefined, 'RUNNING', ['pause']]);
    await domain.acknowledge(domain.lastCommand(), { tick: '41' });
    expect(call.outcome).toMatchObject({
      commandId: 'e-1',
      state: 'PAUSED',
      phase: 'APPLIED',
      completed: true,
      tick: 41n,
    });
    expect(domain.state(id)).toBe('PAUSED');
    expect([domain.registry.view(id).figures.lastTick, domain.clock.pending]).toEqual([41n, 0]);
  });

  test('carries who sends it, when, and for which simulation', async () => {
    await paused();
    void watch(control(step));
    await settle();
    const { envelope, workerId } = domain.lastCommand();
    expect(workerId).toBe('w-1');
    expect(envelope).toMatchObject({
      eventId: 'e-2',
      eventTypeKey: 'orchestrator.control.step',
      sourceWorkerId: 'shoal-test',
      simulationId: id,
      timestampNs: `${domain.clock.nowMs()}000000`,
    });
    expect(loadProtos().tree.fes.orchestration.v1.StepCommand.deserialize(envelope.eventPayload).ticks).toBe('5');
  });

  test('that nobody waits for is answered when it is delivered, and still has its effect', async () => {
    const answer = await control(pause, { wait: false });
    expect(answer).toEqual({ commandId: 'e-1', state: 'RUNNING', phase: 'DELIVERED', completed: false, tick: 0n });
    await domain.acknowledge(domain.lastCommand());
    expect([domain.state(id), domain.clock.pending]).toEqual(['PAUSED', 0]);
  });

  test('that the worker refuses is answered with its reason and changes nothing', async () => {
    const call = control(pause);
    await settle();
    await domain.acknowledge(domain.lastCommand(), { ok: false, code: 9, message: 'not in a lockstep', tick: '7' });
    expect(await call).toMatchObject({
      state: 'RUNNING',
      phase: 'REFUSED',
      completed: true,
      outcome: { ok: false, code: 9, message: 'not in a lockstep' },
    });
    expect(domain.state(id)).toBe('RUNNING');
  });

  test('that the worker refuses without a code has a code all the same', async () => {
    const call = control(pause);
    await settle();
    await domain.acknowledge(domain.lastCommand(), { ok: false });
    expect((await call).outcome?.code).toBe(2);
  });

  test('brings back what the worker answers', async () => {
    const call = control({ name: 'custom', key: 'fish.feed', payload: Uint8Array.of(1), contentType: 'x/y' });
    await settle();
    expect(domain.lastCommand()).toMatchObject({ key: 'fish.feed' });
    await domain.acknowledge(domain.lastCommand(), { result: Buffer.from('fed'), resultContentType: 'text/plain' });
    const { outcome } = await call;
    expect([Buffer.from(outcome?.result ?? []).toString(), outcome?.resultContentType]).toEqual(['fed', 'text/plain']);
  });

  test('is not answered by the acknowledgement of another command, or of another worker', async () => {
    const other = domain.worker(await domain.run());
    const call = watch(control(pause));
    await settle();
    const { workerId } = domain.lastCommand();
    await domain.acknowledge({ workerId, id: 'e-999' });
    await domain.acknowledge({ workerId: other.id, id: domain.lastCommand().id });
    expect([call.outcome, domain.state(id)]).toEqual([undefined, 'RUNNING']);
  });

  test('may be acknowledged before its delivery is confirmed', async () => {
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    domain.channel.answer = () => promise;
    const call = control(pause);
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect(domain.state(id)).toBe('PAUSED');
    resolve('delivered');
    expect(await call).toMatchObject({ state: 'PAUSED', phase: 'APPLIED' });
  });

  test('is sent again every second under the same id until it is acknowledged', async () => {
    const call = control(pause);
    await domain.clock.advance(999);
    expect(domain.channel.sent).toHaveLength(1);
    await domain.clock.advance(1);
    await domain.clock.advance(2_000);
    expect(domain.channel.sent.map((each) => each.id)).toEqual(['e-1', 'e-1', 'e-1', 'e-1']);
    await domain.acknowledge(domain.lastCommand());
    await call;
    await domain.clock.advance(10_000);
    expect([domain.channel.sent.length, domain.clock.pending]).toEqual([4, 0]);
  });

  test('is sent again also when nobody waits for it, for as long as it has', async () => {
    await control(pause, { wait: false, timeoutMs: 3_500 });
    await domain.clock.advance(60_000);
    expect([domain.channel.sent.map((each) => each.id), domain.clock.pending]).toEqual([Array(4).fill('e-1'), 0]);
  });

  test('times out by the request, or by the configuration, and names the command', async () => {
    const short = watch(control(setSpeed, { timeoutMs: 2_500 }));
    const usual = watch(control(setSpeed));
    await domain.clock.advance(2_499);
    expect(short.outcome).toBeUndefined();
    await domain.clock.advance(1);
    expect([short.outcome, short.metadata]).toEqual(['TIMED_OUT', { command_id: 'e-1', simulation_id: id }]);
    await domain.clock.advance(7_499);
    expect(usual.outcome).toBeUndefined();
    await domain.clock.advance(1);
    expect([usual.outcome, usual.metadata]).toEqual(['TIMED_OUT', { command_id: 'e-2', simulation_id: id }]);
    await domain.clock.advance(60_000);
    expect([domain.channel.sent.filter((each) => each.id === 'e-1').length, domain.clock.pending]).toEqual([3, 0]);
  });

  test('that is acknowledged after it has timed out still has its effect', async () => {
    const call = watch(control(pause, { timeoutMs: 1_000 }));
    await domain.clock.advance(1_000);
    expect([call.outcome, domain.state(id)]).toEqual(['TIMED_OUT', 'RUNNING']);
    await domain.acknowledge(domain.lastCommand(), { tick: '9' });
    expect([domain.state(id), domain.registry.view(id).figures.lastTick]).toEqual(['PAUSED', 9n]);
  });

  test('that is acknowledged later than one that was sent after it no longer changes the state', async () => {
    const early = watch(control(pause, { timeoutMs: 1_000 }));
    await domain.clock.advance(1_000);
    const late = domain.lastCommand();
    await paused();
    const resumed = control(resume);
    await settle();
    await domain.acknowledge(domain.lastCommand());
    await resumed;
    await domain.acknowledge(late);
    expect([early.outcome, domain.state(id)]).toEqual(['TIMED_OUT', 'RUNNING']);
  });

  test('changes the state also when a command that was sent after it was acknowledged before it', async () => {
    const call = control(pause);
    await settle();
    const first = domain.lastCommand();
    const other = control(setSpeed);
    await settle();
    await domain.acknowledge(domain.lastCommand());
    await other;
    await domain.acknowledge(first);
    expect(await call).toMatchObject({ state: 'PAUSED' });
  });

  test('times out also when its delivery never ends, and lets the next one go', async () => {
    domain.channel.answer = () => new Promise(() => {});
    const call = watch(control(pause, { timeoutMs: 1_000 }));
    await settle();
    const unwaited = watch(control(setSpeed, { wait: false, timeoutMs: 1_000 }));
    await domain.clock.advance(1_000);
    expect([call.outcome, call.metadata]).toEqual(['TIMED_OUT', { command_id: 'e-1', simulation_id: id }]);
    expect([unwaited.outcome, unwaited.metadata]).toEqual(['TIMED_OUT', { command_id: 'e-2', simulation_id: id }]);
    domain.channel.answer = async () => 'delivered';
    const next = control(pause);
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect(await next).toMatchObject({ state: 'PAUSED' });
    expect(domain.clock.pending).toBe(0);
  });

  test('is unreachable where nobody listens, at once', async () => {
    domain.channel.answer = async () => 'unreachable';
    await expect(control(pause)).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE', metadata: { simulation_id: id } });
    expect([domain.state(id), domain.clock.pending]).toEqual(['RUNNING', 0]);
  });

  test('that may have reached the worker although the channel failed still has its effect', async () => {
    domain.channel.answer = () => Promise.reject(new Error('connection lost'));
    await expect(control(pause)).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE' });
    await domain.acknowledge(domain.lastCommand());
    expect(domain.state(id)).toBe('PAUSED');
  });

  test('goes on when the worker cannot be reached to send it again', async () => {
    const call = control(pause);
    await settle();
    domain.channel.answer = async () => 'unreachable';
    await domain.clock.advance(3_000);
    await domain.acknowledge(domain.lastCommand());
    expect(await call).toMatchObject({ state: 'PAUSED' });
  });

  test('fails when the worker ends before it answers, and says how it ended', async () => {
    const call = watch(control(pause));
    await settle();
    domain.program(id).exit({ code: 3 });
    await settle();
    expect([call.outcome, domain.state(id), domain.clock.pending]).toEqual(['WORKER_UNREACHABLE', 'FAILED', 1]);
  });

  test('to a worker that has just ended is unreachable', async () => {
    domain.program(id).exit({ code: 0 });
    await expect(control(pause)).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE' });
  });

  test('is complete on delivery for a worker type that does not acknowledge', async () => {
    domain = new DomainUnderTest({ types: [fakeWorkerType('mute', { acknowledges: false })] });
    id = await domain.run();
    expect(await control(pause, { wait: false })).toMatchObject({ phase: 'APPLIED', completed: true, state: 'PAUSED' });
    expect(await control(resume)).toMatchObject({ phase: 'APPLIED', completed: true, state: 'RUNNING' });
    await domain.clock.advance(10_000);
    expect([domain.channel.keys, domain.clock.pending]).toEqual([['pause', 'resume'], 0]);
    domain.channel.answer = async () => 'unreachable';
    await expect(control(pause)).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE' });
  });

  test('that the state does not allow is refused, and not sent', async () => {
    await expect(control(step)).rejects.toMatchObject({
      code: 'ILLEGAL_TRANSITION',
      metadata: { state: 'RUNNING', allowed_in: 'PAUSED' },
    });
    expect(domain.channel.sent).toEqual([]);
  });

  test('that the worker does not understand is refused, and not sent', async () => {
    await domain.register(id, ['pause']);
    await expect(control(setSpeed)).rejects.toMatchObject({ code: 'CAPABILITY_UNSUPPORTED' });
    expect(domain.channel.sent).toEqual([]);
  });

  test('for a simulation that there is not is not found', async () => {
    await expect(control(pause, { simulationId: 'nobody' as SimulationId })).rejects.toMatchObject({
      code: 'SIMULATION_NOT_FOUND',
    });
  });

  test('is only for those who may', async () => {
    const asked: unknown[] = [];
    domain = new DomainUnderTest({
      authorizer: {
        demand: (context, action, resource) => {
          asked.push([context.principal.name, action, resource]);
          if (context.principal.name === 'tom') throw invalidArgument('who', 'not you');
        },
        permits: () => true,
      },
    });
    id = await domain.run({ labels: { owner: 'mira' } });
    await expect(control(pause, { principal: 'tom' })).rejects.toThrow('not you');
    expect(asked.at(-1)).toEqual(['tom', 'control', { simulationId: id, labels: { owner: 'mira' } }]);
    expect(domain.channel.sent).toEqual([]);
  });

  test('whose caller goes away is over for the caller alone', async () => {
    const caller = new AbortController();
    const call = watch(control(pause, { signal: caller.signal }));
    await settle();
    caller.abort();
    await settle();
    expect(call.outcome).toBe('CANCELLED');
    await domain.acknowledge(domain.lastCommand());
    expect([domain.state(id), domain.clock.pending]).toEqual(['PAUSED', 0]);
  });
});

describe('commands that change the state', () => {
  test('wait for the one before, so that each meets the state that it is judged by', async () => {
    const first = watch(control(pause));
    const second = watch(control(step));
    const third = watch(control(resume));
    await settle();
    expect(domain.channel.keys).toEqual(['pause']);
    await domain.acknowledge(domain.lastCommand());
    expect([domain.channel.keys, first.outcome]).toEqual([
      ['pause', 'step'],
      expect.objectContaining({ state: 'PAUSED' }),
    ]);
    await domain.acknowledge(domain.lastCommand(), { tick: '5' });
    expect([domain.channel.keys, second.outcome]).toEqual([
      ['pause', 'step', 'resume'],
      expect.objectContaining({ state: 'PAUSED', tick: 5n }),
    ]);
    await domain.acknowledge(domain.lastCommand());
    expect([third.outcome, domain.state(id)]).toEqual([expect.objectContaining({ state: 'RUNNING' }), 'RUNNING']);
  });

  test('wait also for one that nobody waits for', async () => {
    await control(pause, { wait: false });
    const call = watch(control(step, { wait: false }));
    await settle();
    expect(domain.channel.keys).toEqual(['pause']);
    await domain.acknowledge(domain.lastCommand());
    expect([domain.channel.keys, call.outcome]).toEqual([
      ['pause', 'step'],
      expect.objectContaining({ phase: 'DELIVERED' }),
    ]);
  });

  test('of other simulations, and other commands, do not wait', async () => {
    const other = await domain.run();
    void watch(control(pause));
    void watch(control(pause, { simulationId: other }));
    void watch(control(setSpeed));
    await settle();
    expect(domain.channel.sent.map(({ workerId, key }) => `${workerId} ${key.split('.').at(-1)}`)).toEqual([
      'w-1 set_speed',
      'w-1 pause',
      'w-2 pause',
    ]);
  });

  test('given at once by two: the second pause is refused, for it meets PAUSED', async () => {
    const first = watch(control(pause));
    const second = watch(control(pause));
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect([first.outcome, second.outcome]).toEqual([
      expect.objectContaining({ state: 'PAUSED' }),
      'ILLEGAL_TRANSITION',
    ]);
  });

  test('pause and resume given at once end in RUNNING, resume and pause in PAUSED', async () => {
    const play = async (commands: Command[]) => {
      const calls = commands.map((command) => watch(control(command)));
      for (const _ of commands) {
        await settle();
        await domain.acknowledge(domain.lastCommand());
      }
      return [domain.state(id), calls.map(({ outcome }) => (typeof outcome === 'object' ? outcome.state : outcome))];
    };
    expect(await play([pause, resume])).toEqual(['RUNNING', ['PAUSED', 'RUNNING']]);
    await paused();
    expect(await play([resume, pause])).toEqual(['PAUSED', ['RUNNING', 'PAUSED']]);
  });

  test('go on after one that was refused, unreachable or timed out', async () => {
    domain.channel.answer = async () => 'unreachable';
    const unreachable = watch(control(pause));
    const illegal = watch(control(step));
    await settle();
    domain.channel.answer = async () => 'delivered';
    const late = watch(control(pause, { timeoutMs: 1_000 }));
    const last = watch(control(pause, { timeoutMs: 5_000 }));
    await domain.clock.advance(1_000);
    await domain.acknowledge(domain.lastCommand());
    expect(
      [unreachable, illegal, late, last].map(({ outcome }) => (typeof outcome === 'object' ? outcome.state : outcome)),
    ).toEqual(['WORKER_UNREACHABLE', 'ILLEGAL_TRANSITION', 'TIMED_OUT', 'PAUSED']);
  });

  test('are not sent when their time is over before their turn comes', async () => {
    const first = watch(control(pause, { timeoutMs: 10_000 }));
    const second = watch(control(step, { timeoutMs: 2_000 }));
    await domain.clock.advance(2_000);
    expect([second.outcome, second.metadata]).toEqual(['TIMED_OUT', { simulation_id: id }]);
    await domain.acknowledge(domain.lastCommand());
    await domain.clock.advance(10_000);
    expect([first.outcome, domain.channel.keys.includes('step'), domain.clock.pending]).toEqual([
      expect.objectContaining({ state: 'PAUSED' }),
      false,
      0,
    ]);
  });

  test('are not sent when their caller has gone before their turn comes', async () => {
    const caller = new AbortController();
    void watch(control(pause));
    const second = watch(control(step, { signal: caller.signal }));
    await settle();
    caller.abort();
    await settle();
    expect(second.outcome).toBe('CANCELLED');
    await domain.acknowledge(domain.lastCommand());
    await domain.clock.advance(10_000);
    expect([domain.channel.keys.includes('step'), domain.clock.pending]).toEqual([false, 0]);
  });

  test('fail all when the worker ends', async () => {
    const calls = [pause, step, resume].map((command) => watch(control(command)));
    await settle();
    domain.program(id).exit({ code: 3 });
    await settle();
    expect(calls.map(({ outcome }) => outcome)).toEqual([
      'WORKER_UNREACHABLE',
      'ILLEGAL_TRANSITION',
      'ILLEGAL_TRANSITION',
    ]);
  });
});

describe('an expected revision', () => {
  test('lets the command through when it is the present one', async () => {
    const { revision } = domain.registry.view(id);
    const call = control(pause, { expectedRevision: revision });
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect(await call).toMatchObject({ state: 'PAUSED' });
  });

  test.each([pause, setSpeed, reset, { name: 'stop', force: false } as const])(
    'of another record aborts $name',
    async (command) => {
      const { revision } = domain.registry.view(id);
      await expect(control(command, { expectedRevision: revision - 1 })).rejects.toMatchObject({
        code: 'REVISION_CONFLICT',
        metadata: { revision: String(revision) },
      });
      expect([domain.channel.sent, domain.state(id)]).toEqual([[], 'RUNNING']);
    },
  );

  test('is compared when the command has its turn, not when it is called', async () => {
    const { revision } = domain.registry.view(id);
    void watch(control(pause, { expectedRevision: revision }));
    const second = watch(control(step, { expectedRevision: revision }));
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect([second.outcome, domain.channel.keys]).toEqual(['REVISION_CONFLICT', ['pause']]);
  });
});

describe('a request id', () => {
  const same = { requestId: 'r-1', fingerprint: 'pause' };

  test('makes the repeated request join its command, under way and done', async () => {
    const first = watch(control(pause, same));
    const second = watch(control(pause, same));
    await settle();
    expect(domain.channel.sent).toHaveLength(1);
    await domain.acknowledge(domain.lastCommand());
    expect(second.outcome).toEqual(first.outcome);
    expect(await control(pause, same)).toEqual(first.outcome);
    await domain.clock.advance(5_000);
    expect([domain.channel.sent.length, domain.clock.pending]).toEqual([1, 0]);
  });

  test('is remembered with its answer alone once its command is done', async () => {
    const call = control(pause, same);
    await settle();
    await domain.acknowledge(domain.lastCommand(), { result: Buffer.from('seen') });
    const answer = await call;
    await settle();
    const scope = 'anonymous ControlSimulation';
    const kept = await domain.requests.once<unknown>(scope, 'r-1', 'pause', async () => 'nothing');
    expect(kept).toBe(answer);
    expect(answer.outcome?.result.buffer.byteLength).toBe(4);
  });

  test('of a command that nobody waits for is remembered with the answer of its delivery', async () => {
    const first = await control(pause, { ...same, wait: false });
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect(first.phase).toBe('DELIVERED');
    expect(await control(pause, { ...same, wait: false })).toBe(first);
  });

  test('of a command whose worker has ended fails again in the same way', async () => {
    const call = control(pause, same);
    await settle();
    domain.program(id).exit({ code: 3 });
    await expect(call).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE' });
    await settle();
    await expect(control(pause, same)).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE' });
  });

  test('re-attaches to a command that has timed out: it is the same command, sent again under the same id', async () => {
    const first = watch(control(pause, { ...same, timeoutMs: 1_500 }));
    await domain.clock.advance(1_500);
    expect(first.outcome).toBe('TIMED_OUT');
    const second = watch(control(pause, { ...same, timeoutMs: 1_500 }));
    await domain.clock.advance(1_000);
    expect(domain.channel.sent.map((each) => each.id)).toEqual(['e-1', 'e-1', 'e-1']);
    await domain.acknowledge(domain.lastCommand());
    expect(second.outcome).toMatchObject({ commandId: 'e-1', state: 'PAUSED', phase: 'APPLIED' });
    expect(domain.clock.pending).toBe(0);
  });

  test('re-attaches to a command that was done after it had timed out', async () => {
    const first = watch(control(step, { ...same, timeoutMs: 1_000 }));
    await settle();
    expect(first.outcome).toBe('ILLEGAL_TRANSITION');
    await paused();
    const late = watch(control(step, { ...same, timeoutMs: 1_000 }));
    await domain.clock.advance(1_000);
    await domain.acknowledge(domain.lastCommand(), { tick: '6' });
    expect(late.outcome).toBe('TIMED_OUT');
    expect(await control(step, { ...same, timeoutMs: 1_000 })).toMatchObject({ phase: 'APPLIED', tick: 6n });
    expect(domain.channel.keys).toEqual(['step']);
  });

  test('re-attaches to a stop that is under way, and to one that is done', async () => {
    const stop: Command = { name: 'stop', force: false, graceMs: 1_000 };
    const first = watch(control(stop, { ...same, timeoutMs: 500 }));
    await domain.clock.advance(500);
    expect(first.outcome).toBe('TIMED_OUT');
    const second = watch(control(stop, { ...same, timeoutMs: 5_000 }));
    await settle();
    domain.program(id).exit({ code: 0 });
    await settle();
    expect(second.outcome).toMatchObject({ state: 'STOPPED', phase: 'APPLIED' });
    const again = await control(stop, same);
    expect([again, domain.channel.keys]).toEqual([second.outcome, ['stop_worker']]);
  });

  test('re-attaches to a stop that was done after it had timed out', async () => {
    const stop: Command = { name: 'stop', force: false, graceMs: 1_000 };
    const first = watch(control(stop, { ...same, timeoutMs: 500 }));
    await domain.clock.advance(5_000);
    expect([first.outcome, domain.state(id)]).toEqual(['TIMED_OUT', 'STOPPED']);
    expect(await control(stop, { ...same, timeoutMs: 500 })).toMatchObject({
      commandId: 'e-1',
      state: 'STOPPED',
      phase: 'APPLIED',
    });
  });

  test('does not make one caller go when another does', async () => {
    const caller = new AbortController();
    const first = watch(control(pause, { ...same, signal: caller.signal }));
    const second = watch(control(pause, same));
    const stopping = { requestId: 'r-2', fingerprint: 'stop' };
    const stop: Command = { name: 'stop', force: false, graceMs: 1_000 };
    const third = watch(control(stop, { ...stopping, signal: caller.signal }));
    const fourth = watch(control(stop, stopping));
    await settle();
    caller.abort();
    await settle();
    expect([first, second, third, fourth].map(({ outcome }) => outcome)).toEqual([
      'CANCELLED',
      undefined,
      'CANCELLED',
      undefined,
    ]);
    domain.program(id).exit({ code: 0 });
    await settle();
    expect([second.outcome, fourth.outcome]).toEqual([
      'WORKER_UNREACHABLE',
      expect.objectContaining({ state: 'STOPPED' }),
    ]);
  });

  test('keeps a queued command whose caller has gone, for the repeated request that will come', async () => {
    const caller = new AbortController();
    void watch(control(pause));
    void watch(control(step, { requestId: 'r-9', fingerprint: 'step', signal: caller.signal }));
    await settle();
    caller.abort();
    await domain.acknowledge(domain.lastCommand());
    const repeated = watch(control(step, { requestId: 'r-9', fingerprint: 'step' }));
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect([domain.channel.keys, repeated.outcome]).toEqual([
      ['pause', 'step'],
      expect.objectContaining({ phase: 'APPLIED' }),
    ]);
  });

  test('for another request is refused, of another caller is another', async () => {
    void watch(control(pause, same));
    await expect(control(setSpeed, { ...same, fingerprint: 'set_speed' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    const other = watch(control(setSpeed, { ...same, fingerprint: 'set_speed', principal: 'mira' }));
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect(other.outcome).toMatchObject({ phase: 'APPLIED' });
  });

  test('of a command that was refused may be used again', async () => {
    await expect(control(step, same)).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    await settle();
    void watch(control(pause, same));
    await settle();
    expect(domain.channel.keys).toEqual(['pause']);
  });
});

describe('reset', () => {
  test('keeps the state, takes the tick that the worker tells, and remembers seed and configuration for a restart', async () => {
    await paused();
    domain.registry.figures.of(id).lastTick = 500n;
    const call = control({ name: 'reset', seed: 7n, config: { size: 3 } });
    await settle();
    await domain.acknowledge(domain.lastCommand(), { tick: '0' });
    expect(await call).toMatchObject({ state: 'PAUSED', phase: 'APPLIED', tick: 0n });
    expect(domain.registry.view(id).figures.lastTick).toBe(0n);
    const { seed, configuration, state } = domain.simulation(id);
    expect([seed, Buffer.from(configuration.bytes).toString(), state]).toEqual([7n, '{"size":3}', 'PAUSED']);
  });

  test('is refused with a configuration that the worker type does not take', async () => {
    const checkRunConfig = () => {
      throw invalidArgument('config.size', 'must be a number');
    };
    domain = new DomainUnderTest({ types: [fakeWorkerType('fish')] });
    id = await domain.run();
    Object.assign(domain.worker(id).type, { checkRunConfig });
    await expect(control({ name: 'reset', config: { size: 'x' } })).rejects.toMatchObject({
      metadata: { field: 'config.size' },
    });
    expect(domain.channel.sent).toEqual([]);
  });

  test('without seed and configuration changes nothing in the record', async () => {
    const { revision } = domain.registry.view(id);
    const call = control(reset);
    await settle();
    await domain.acknowledge(domain.lastCommand());
    expect(await call).toMatchObject({ state: 'RUNNING', phase: 'APPLIED' });
    expect(domain.registry.view(id).revision).toBe(revision);
  });

  describe('of a worker type that cannot', () => {
    beforeEach(async () => {
      domain = new DomainUnderTest({
        types: [fakeWorkerType('fish', { commands: ['pause', 'resume', 'step', 'stop'] })],
      });
      id = await domain.run();
    });

    test.each(['RUNNING', 'PAUSED'])('restarts the process and comes back in %s', async (state) => {
      if (state === 'PAUSED') await paused();
      domain.registry.figures.of(id).lastTick = 9n;
      const call = watch(control({ name: 'reset', seed: 8n, config: { a: 1 } }));
      await settle();
      expect([domain.state(id), domain.channel.keys]).toEqual(['RESTARTING', ['stop_worker']]);
      domain.program(id).exit({ code: 0 });
      await settle();
      expect([domain.state(id), call.outcome]).toEqual(['STARTING', undefined]);
      await domain.register(id);
      expect(call.outcome).toMatchObject({ state, phase: 'APPLIED', completed: true, tick: 0n });
      expect(domain.simulation(id)).toMatchObject({ state, incarnation: 2, restarts: 0, seed: 8n });
    });

    test('is answered at once when nobody waits', async () => {
      expect(await control(reset, { wait: false })).toMatchObject({
        state: 'RESTARTING',
        phase: 'DELIVERED',
        completed: false,
      });
      domain.program(id).exit({ code: 0 });
      await settle();
      await domain.register(id);
      expect(domain.state(id)).toBe('RUNNING');
    });

    test('times out in the time given, and goes on', async () => {
      const call = watch(control(reset, { timeoutMs: 1_000 }));
      await domain.clock.advance(1_000);
      expect([call.outcome, domain.state(id)]).toEqual(['TIMED_OUT', 'RESTARTING']);
      await domain.clock.advance(9_000);
      await domain.register(id);
      expect(domain.state(id)).toBe('RUNNING');
    });

    test('has by default the time that a stop and a start may take', async () => {
      const call = watch(control(reset));
      await domain.clock.advance(10_000);
      expect([domain.state(id), call.outcome]).toEqual(['STARTING', undefined]);
      await domain.clock.advance(9_000);
      await domain.register(id);
      expect(call.outcome).toMatchObject({ phase: 'APPLIED', state: 'RUNNING' });
    });

    test('has that time also where only this worker cannot', async () => {
      domain = new DomainUnderTest();
      id = await domain.launch();
      await domain.register(id, ['pause', 'stop']);
      const call = watch(control(reset));
      await domain.clock.advance(19_000);
      await domain.register(id);
      expect(call.outcome).toMatchObject({ phase: 'APPLIED', state: 'RUNNING' });
    });

    test('fails when the new worker does not come', async () => {
      const call = watch(control(reset));
      await settle();
      domain.launcher.script = { answer: () => Promise.reject(invalidArgument('executable', 'is gone')) };
      domain.program(id).exit({ code: 0 });
      await settle();
      expect([call.outcome, domain.state(id)]).toEqual(['WORKER_UNREACHABLE', 'FAILED']);
    });

    test('fails when it is stopped meanwhile', async () => {
      const call = watch(control(reset));
      await settle();
      expect(await control({ name: 'stop', force: false }, { wait: false })).toMatchObject({ state: 'STOPPED' });
      domain.program(id).exit({ code: 0 });
      await settle();
      expect([call.outcome, domain.state(id), domain.launcher.programs.length]).toEqual([
        'WORKER_UNREACHABLE',
        'STOPPED',
        1,
      ]);
    });

    test('lets the next command wait, and meet the new worker', async () => {
      void watch(control(reset));
      const next = watch(control(pause));
      await settle();
      domain.program(id).exit({ code: 0 });
      await settle();
      await domain.register(id);
      await domain.acknowledge(domain.lastCommand());
      expect([next.outcome, domain.lastCommand().workerId]).toEqual([
        expect.objectContaining({ state: 'PAUSED' }),
        'w-2',
      ]);
    });
  });
});

describe('stop', () => {
  const stop: Command = { name: 'stop', force: false, graceMs: 1_000 };

  test('is answered when the simulation has ended', async () => {
    const call = watch(control(stop));
    await settle();
    expect([domain.state(id), call.outcome, domain.channel.sent[0]?.id]).toEqual(['STOPPING', undefined, 'e-1']);
    domain.program(id).exit({ code: 0 });
    await settle();
    expect(call.outcome).toMatchObject({ commandId: 'e-1', state: 'STOPPED', phase: 'APPLIED', completed: true });
    await domain.clock.advance(2_000);
    expect(domain.clock.pending).toBe(0);
  });

  test('that nobody waits for is answered when it has begun', async () => {
    expect(await control(stop, { wait: false })).toMatchObject({
      state: 'STOPPING',
      phase: 'DELIVERED',
      completed: false,
    });
  });

  test('has by default the grace of the worker type, and the time for both graces and a margin', async () => {
    const call = watch(control({ name: 'stop', force: false }));
    await domain.clock.advance(4_999);
    expect(domain.program(id).signals).toEqual([]);
    await domain.clock.advance(5_001);
    expect([domain.program(id).signals, call.outcome]).toEqual([
      ['SIGTERM', 'SIGKILL'],
      expect.objectContaining({ state: 'STOPPED' }),
    ]);
  });

  test('times out in the time given, and goes on', async () => {
    const call = watch(control(stop, { timeoutMs: 500 }));
    await domain.clock.advance(500);
    expect([call.outcome, call.metadata]).toEqual(['TIMED_OUT', { command_id: 'e-1', simulation_id: id }]);
    await domain.clock.advance(1_500);
    expect(domain.state(id)).toBe('STOPPED');
  });

  test('does not wait for the command that is under way, which then fails', async () => {
    const before = watch(control(pause));
    await settle();
    void watch(control({ name: 'stop', force: true }));
    await settle();
    expect([domain.state(id), before.outcome]).toEqual(['STOPPED', 'WORKER_UNREACHABLE']);
  });

  test('may escalate what was begun', async () => {
    const patient = watch(control(stop));
    await settle();
    const impatient = watch(control({ name: 'stop', force: true }));
    await settle();
    expect([patient, impatient].map(({ outcome }) => outcome)).toEqual([
      expect.objectContaining({ state: 'STOPPED' }),
      expect.objectContaining({ state: 'STOPPED' }),
    ]);
    expect(domain.program(id).signals).toEqual(['SIGKILL']);
  });

  test.each(['COMPLETED', 'FAILED', 'STOPPED'] as const)('of what is %s is refused', async (state) => {
    domain.program(id).exit({ code: state === 'COMPLETED' ? 0 : 3 });
    await settle();
    if (state === 'STOPPED') {
      id = await domain.run();
      await control({ name: 'stop', force: true });
    }
    expect(domain.state(id)).toBe(state);
    await expect(control(stop)).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION', metadata: { state } });
  });

  test('of what is STARTING is allowed', async () => {
    id = await domain.launch();
    expect(await control({ name: 'stop', force: true })).toMatchObject({ state: 'STOPPED', completed: true });
  });
});
