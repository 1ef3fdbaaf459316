import { beforeEach, describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { restartingType } from '../../../support/fakes/restarting-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

describe('a worker type whose every start fails', () => {
  let domain: DomainUnderTest;
  const { type } = restartingType({ policy: 'never', breaker: { failures: 3, coolDownMs: 30_000 } });
  const start = (request = {}) => domain.start.run(anyone(), domain.startRequest(request));
  const failAtOnce = async (id: SimulationId, code = 1) => {
    domain.program(id).exit({ code });
    await settle();
  };
  const open = async (request = {}) => {
    for (let time = 1; time <= 3; time += 1) await failAtOnce(await domain.launch(request));
  };

  beforeEach(() => {
    domain = new DomainUnderTest({ types: [type] });
  });

  test('is started no more for a while; the refusal says what happened and when the next start is', async () => {
    await open();
    await expect(start()).rejects.toMatchObject({
      code: 'CAPACITY_EXHAUSTED',
      message: expect.stringMatching(/fish is not started now: its last 3 starts failed.*30000 ms.*exited 1 after/),
      metadata: { worker_type: 'fish', limit: 'restart.breaker', retry_in_ms: '30000' },
    });
    expect([...domain.registry.simulations()]).toHaveLength(3);
    expect(domain.breakers.trouble(type)).toContain('its last 3 starts failed');
    expect(domain.events.at(-2)).toMatchObject({ kind: 'breaker-moved', workerType: 'fish', state: 'open' });
  });

  test('gets one try after the cool-down, and is back once that has been up for min_uptime', async () => {
    await open();
    await domain.clock.advance(30_000);
    const id = await domain.launch();
    await expect(start()).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' });
    await domain.register(id);
    await domain.clock.advance(999);
    await expect(start()).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' });
    await domain.clock.advance(1);
    await start();
    expect(domain.breakers.trouble(type)).toBeUndefined();
    expect(domain.events.filter(({ kind }) => kind === 'breaker-moved')).toMatchObject([
      { state: 'open' },
      { state: 'closed' },
    ]);
  });

  test('is closed again when the one try fails', async () => {
    await open();
    await domain.clock.advance(30_000);
    await failAtOnce(await domain.launch());
    await expect(start()).rejects.toMatchObject({ metadata: { retry_in_ms: '30000' } });
  });

  test('gets another try when the first was stopped before it told anything', async () => {
    await open();
    await domain.clock.advance(30_000);
    const id = await domain.launch();
    await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: true, graceMs: 0 });
    await settle();
    expect(domain.state(id)).toBe('STOPPED');
    await start();
  });

  test('is not known by runs whose own configuration is at fault, nor by those that complete soon', async () => {
    for (let time = 1; time <= 4; time += 1) await failAtOnce(await domain.run(), 78);
    expect(domain.breakers.trouble(type)).toBeUndefined();
    for (let time = 1; time <= 4; time += 1) await failAtOnce(await domain.run(), 0);
    expect(domain.breakers.trouble(type)).toBeUndefined();
    for (let time = 1; time <= 3; time += 1) await failAtOnce(await domain.run(), 1);
    expect(domain.breakers.trouble(type)).toBeDefined();
  });

  test('crashes after min_uptime without being taken for one that cannot start', async () => {
    for (let time = 1; time <= 5; time += 1) {
      const id = await domain.run();
      await domain.clock.advance(1_000);
      await failAtOnce(id);
    }
    expect(domain.breakers.trouble(type)).toBeUndefined();
  });

  test('makes those that are RESTARTING wait too, and each comes back when it works again', async () => {
    const restart = { policy: 'on-failure', maxRestarts: 100 } as const;
    const ids = await Promise.all([1, 2, 3, 4, 5].map(() => domain.launch({ restart })));
    for (const id of ids) await failAtOnce(id);
    expect(ids.map((id) => domain.state(id))).toEqual(Array(5).fill('RESTARTING'));
    expect(domain.simulation(ids[4] as SimulationId).message).toMatch(
      /in 30000 ms, at .* UTC; its worker type rests until then/,
    );
    const launched = () => domain.launcher.programs.length;
    await domain.clock.advance(29_999);
    expect(launched()).toBe(5);
    await domain.clock.advance(1);
    expect(launched()).toBe(6);
    await domain.clock.advance(5_000);
    expect(launched()).toBe(6);
    const tried = ids.find((id) => domain.state(id) === 'STARTING') as SimulationId;
    await domain.register(tried);
    await domain.clock.advance(1_500);
    expect([launched(), ids.filter((id) => domain.state(id) === 'STARTING').length]).toEqual([10, 4]);
  });
});
