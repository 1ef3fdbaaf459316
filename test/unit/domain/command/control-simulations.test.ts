import { beforeEach, describe, expect, test } from 'vitest';
import type { ControlResult } from '../../../../src/domain/command/command-attempts.ts';
import type { ControlManyRequest } from '../../../../src/domain/command/control-simulations.ts';
import { parseSimulationId, type SimulationId } from '../../../../src/domain/ids.ts';
import { parseLabelSelector } from '../../../../src/domain/simulation/label-selector.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import type { SentCommand } from '../../../support/fakes/recording-command-channel.ts';
import { settle } from '../../../support/fakes/settle.ts';

let domain: DomainUnderTest;
let ids: SimulationId[];

beforeEach(async () => {
  domain = new DomainUnderTest();
  ids = [];
  for (const school of ['a', 'a', 'b']) {
    ids.push(await domain.run({ labels: { school }, startPaused: true }));
  }
});

function controlMany(facts: Partial<ControlManyRequest> = {}, signal?: AbortSignal): Promise<readonly ControlResult[]> {
  return domain.controlMany.run(anyone('anonymous', signal), {
    simulationIds: ids,
    command: { name: 'step', ticks: 1n },
    requestId: '',
    fingerprint: 'step',
    straggler: { policy: 'WAIT' },
    ...facts,
  });
}

/** The commands that were sent, in the order of `ids`, so that they can be acknowledged one by one. */
async function sent(): Promise<SentCommand[]> {
  await settle();
  return ids.flatMap((id) => domain.channel.sent.filter(({ envelope }) => envelope.simulationId === id));
}

async function acknowledge(...at: number[]): Promise<void> {
  const commands = await sent();
  for (const nth of at) {
    const command = commands[nth];
    if (command === undefined) throw new Error(`command ${nth} was not sent`);
    await domain.acknowledge(command, { tick: '7' });
  }
}

/** A result as a short text. */
function text({ answer, error }: ControlResult): string {
  return [answer?.phase, error?.code].filter((part) => part !== undefined).join(' ');
}

async function settled(call: Promise<readonly ControlResult[]>): Promise<readonly ControlResult[] | 'waiting'> {
  await settle();
  return Promise.race([call, Promise.resolve('waiting' as const)]);
}

describe('one command to many', () => {
  test('goes to all of them at once, and is answered when the last has acknowledged, in the order of the request', async () => {
    const call = controlMany({ simulationIds: [...ids].reverse() });
    expect(await sent()).toHaveLength(3);
    await acknowledge(2, 0);
    expect(await settled(call)).toBe('waiting');
    await acknowledge(1);
    const results = await call;
    expect(results.map(({ simulationId }) => simulationId)).toEqual([...ids].reverse());
    expect(results.map(({ answer }) => [answer?.phase, answer?.tick])).toEqual([
      ['APPLIED', 7n],
      ['APPLIED', 7n],
      ['APPLIED', 7n],
    ]);
    expect(domain.clock.pending).toBe(0);
  });

  test('that changes no record writes none, and waits for none that is being written', async () => {
    const [id] = ids as [SimulationId];
    let updates = 0;
    const written = Promise.withResolvers<void>();
    const update = domain.store.update.bind(domain.store);
    domain.store.update = async (...record) => {
      updates += 1;
      await written.promise;
      return update(...record);
    };
    const change = domain.registry.change(id, (present) => ({ ...present, message: 'slow' }));
    const call = controlMany({ simulationIds: [id] });
    await acknowledge(0);
    expect((await call).map(text)).toEqual(['APPLIED']);
    written.resolve();
    await change;
    expect(updates).toBe(1);
  });

  test('meant for one twice is done once', async () => {
    const [id] = ids as [SimulationId];
    const call = controlMany({ simulationIds: [id, id] });
    await acknowledge(0);
    expect(await call).toHaveLength(1);
    expect(domain.channel.sent).toHaveLength(1);
  });

  test('tells of each by itself what hinders it', async () => {
    const [paused, running, stopped] = ids as [SimulationId, SimulationId, SimulationId];
    await domain.registry.change(running, (present) => ({ ...present, state: 'RUNNING' }));
    await domain.supervisor.stop(stopped, 'STOPPED_BY_REQUEST', { force: true, graceMs: 0 });
    const call = controlMany({ simulationIds: [paused, 'nobody' as SimulationId, running, stopped] });
    await acknowledge(0);
    expect((await call).map(text)).toEqual([
      'APPLIED',
      'SIMULATION_NOT_FOUND',
      'ILLEGAL_TRANSITION',
      'ILLEGAL_TRANSITION',
    ]);
  });

  test('whose worker dies meanwhile fails for that one alone', async () => {
    const call = controlMany();
    await sent();
    domain.program(ids[1] as SimulationId).exit({ signal: 'SIGKILL' });
    await acknowledge(0, 2);
    expect((await call).map(text)).toEqual(['APPLIED', 'WORKER_UNREACHABLE', 'APPLIED']);
  });

  test('goes by labels to those that are not over, and by ids and labels to those in both', async () => {
    const selects = parseLabelSelector('school=a');
    await domain.supervisor.stop(ids[0] as SimulationId, 'STOPPED_BY_REQUEST', { force: true, graceMs: 0 });
    domain.program(ids[0] as SimulationId).exit({ signal: 'SIGKILL' });
    await settle();
    const byLabel = controlMany({ simulationIds: [], selects });
    await acknowledge(0);
    expect((await byLabel).map(({ simulationId }) => simulationId)).toEqual([ids[1]]);
    const both = await controlMany({ simulationIds: [ids[0] as SimulationId, ids[2] as SimulationId], selects });
    expect(both.map((result) => [result.simulationId, text(result)])).toEqual([[ids[0], 'ILLEGAL_TRANSITION']]);
  });

  test('that nobody answers is late for each when its time is over', async () => {
    const call = controlMany({ timeoutMs: 500 });
    await acknowledge(1);
    await domain.clock.advance(499);
    expect(await settled(call)).toBe('waiting');
    await domain.clock.advance(1);
    const results = await call;
    expect(results.map(text)).toEqual(['DELIVERED TIMED_OUT', 'APPLIED', 'DELIVERED TIMED_OUT']);
    const [late] = results;
    expect(late?.error?.metadata).toEqual({ command_id: late?.answer?.commandId, simulation_id: ids[0] });
  });

  test('that waits behind another for all of its time was never sent', async () => {
    const [id] = ids as [SimulationId];
    const before = controlMany({ simulationIds: [id], timeoutMs: 5_000 });
    await settle();
    const behind = await (async () => {
      const call = controlMany({ simulationIds: [id], timeoutMs: 500 });
      await domain.clock.advance(500);
      return call;
    })();
    expect(behind.map((result) => [result.error?.code, result.error?.message])).toEqual([
      ['TIMED_OUT', expect.stringContaining('was not sent within 500 ms')],
    ]);
    await acknowledge(0);
    expect((await before).map(text)).toEqual(['APPLIED']);
    expect(domain.channel.sent).toHaveLength(1);
  });

  test('is not taken back when its caller goes', async () => {
    const caller = new AbortController();
    const call = controlMany({ command: { name: 'resume' } }, caller.signal);
    call.catch(() => {});
    await sent();
    caller.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    await acknowledge(0, 1, 2);
    expect(ids.map((id) => domain.state(id))).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  });

  test('sent again under its request id joins the first', async () => {
    const first = controlMany({ requestId: 'r-1' });
    await sent();
    const again = controlMany({ requestId: 'r-1' });
    await acknowledge(0, 1, 2);
    expect(await again).toEqual(await first);
    expect(domain.channel.sent).toHaveLength(3);
    await expect(controlMany({ requestId: 'r-1', fingerprint: 'other' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'request_id' },
    });
  });

  test('is remembered by its results alone once it is done by all', async () => {
    const ghost = 'ghost' as SimulationId;
    const facts = { simulationIds: [...ids, ghost], requestId: 'r-1' };
    const call = controlMany(facts);
    await acknowledge(0, 1, 2);
    const results = await call;
    await settle();
    const scope = 'anonymous ControlSimulations';
    const kept = await domain.requests.once<unknown>(scope, 'r-1', 'step', async () => 'nothing');
    expect(kept).toEqual([...results.slice(0, 3), expect.anything()]);
    expect((await controlMany(facts)).map(text)).toEqual(['APPLIED', 'APPLIED', 'APPLIED', 'SIMULATION_NOT_FOUND']);
  });

  test('sent again when the late ones have done it tells of them too', async () => {
    const facts = { requestId: 'r-1', straggler: { policy: 'QUORUM', quorum: 1 } } as const;
    const first = controlMany(facts);
    await acknowledge(0);
    expect((await first).map(text)).toEqual(['APPLIED', 'DELIVERED', 'DELIVERED']);
    await acknowledge(1, 2);
    await settle();
    expect((await controlMany(facts)).map(text)).toEqual(['APPLIED', 'APPLIED', 'APPLIED']);
  });
});

describe('stragglers', () => {
  test('are left behind by a quorum, and their commands go on', async () => {
    const call = controlMany({ straggler: { policy: 'QUORUM', quorum: 2 } });
    await acknowledge(0);
    expect(await settled(call)).toBe('waiting');
    await acknowledge(2);
    const results = await call;
    expect(results.map(text)).toEqual(['APPLIED', 'DELIVERED', 'APPLIED']);
    expect(results[1]?.answer).toMatchObject({ completed: false, state: 'PAUSED' });
    await acknowledge(1);
    expect(domain.registry.view(ids[1] as SimulationId).figures.lastTick).toBe(7n);
  });

  test('are waited for when those that failed make a quorum impossible', async () => {
    const call = controlMany({ straggler: { policy: 'QUORUM', quorum: 3 } });
    await sent();
    domain.program(ids[1] as SimulationId).exit({ signal: 'SIGKILL' });
    await acknowledge(0);
    expect(await settled(call)).toBe('waiting');
    await acknowledge(2);
    expect((await call).map(text)).toEqual(['APPLIED', 'WORKER_UNREACHABLE', 'APPLIED']);
  });

  test('of more than there are is refused, and nothing is sent', async () => {
    const call = controlMany({ straggler: { policy: 'QUORUM', quorum: 4 } });
    await expect(call).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field: 'quorum' } });
    expect(domain.channel.sent).toEqual([]);
  });

  test('that still wait for the command before them at the deadline have not failed either', async () => {
    const [id] = ids as [SimulationId];
    const before = controlMany({ simulationIds: [id], timeoutMs: 5_000 });
    await settle();
    const call = controlMany({ simulationIds: [id], straggler: { policy: 'DEADLINE' }, timeoutMs: 500 });
    await domain.clock.advance(500);
    expect((await call).map(text)).toEqual(['ACCEPTED']);
    await acknowledge(0);
    expect((await before).map(text)).toEqual(['APPLIED']);
  });

  test('have until the deadline, and being late is no failure', async () => {
    const call = controlMany({ straggler: { policy: 'DEADLINE' }, timeoutMs: 500 });
    await acknowledge(0);
    await domain.clock.advance(500);
    const results = await call;
    expect(results.map(text)).toEqual(['APPLIED', 'DELIVERED', 'DELIVERED']);
    expect(results.every(({ error }) => error === undefined)).toBe(true);
  });
});

test('a request for thousands of ids that nobody has is written once, and nothing of each', async () => {
  const { journal } = domain;
  let writes = 0;
  const { write } = journal;
  journal.write = async (...written) => {
    writes += 1;
    await write.apply(journal, written);
  };
  const invented = Array.from({ length: 1_000 }, (_, at) => parseSimulationId(`ghost-${at}`));
  const results = await controlMany({ simulationIds: invented, requestId: 'many' });
  expect(new Set(results.map(({ error }) => error?.code))).toEqual(new Set(['SIMULATION_NOT_FOUND']));
  await settle();
  expect(writes).toBe(1);
  expect((await journal.list()).map(({ progress }) => progress)).toEqual([[]]);
});
