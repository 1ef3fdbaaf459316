import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../../src/domain/command/command.ts';
import { executableType, launchOf, reasonOf } from '../../support/plugins/catalogue-for-test.ts';

describe('the executable worker type', () => {
  it('needs nothing but an executable', async () => {
    const type = await executableType({ executable: 'fish-worker' });
    expect(type).toMatchObject({
      availability: { available: true },
      acknowledges: true,
      registers: true,
      eventTypeKeys: [],
      configSchema: '',
    });
    expect([...type.commands].sort()).toEqual(COMMAND_NAMES.filter((name) => name !== 'snapshot').sort());
    expect(await type.plan(launchOf())).toMatchObject({
      workerId: 'w1',
      executable: 'fish-worker',
      args: [],
      cwd: '/base',
    });
    expect(() => type.checkRunConfig({ any: ['thing'] })).not.toThrow();
  });

  it('expands placeholders in arguments and variables, each within its own', async () => {
    const type = await executableType({
      executable: 'w',
      args: [
        '--id',
        '{worker_id}',
        '{simulation_id}@{grpc_address}',
        '{command_subject}',
        '{nats_url}',
        '{config_file}',
        '{seed}',
        '{"a":1}',
        '{{seed}}',
      ],
      env: { NATS: '{nats_url}', PLAIN: 'x' },
    });
    const { args, env } = await type.plan(launchOf());
    expect(args).toEqual([
      '--id',
      'w1',
      's1@127.0.0.1:50051',
      'commands.worker.w1.control',
      'nats://a,nats://b',
      '/run/w1/config.json',
      '18446744073709551615',
      '{"a":1}',
      '{seed}',
    ]);
    expect(env).toMatchObject({ NATS: 'nats://a,nats://b', PLAIN: 'x' });
  });

  it.each([
    [{ seed: undefined }, '{seed}', /\{seed\} has no value in this launch/],
    [{ commandTransport: 'grpc' as const }, '{nats_url}', /commands come over gRPC/],
  ])('a launch without what an argument needs fails with the reason', async (missing, arg, reason) => {
    const type = await executableType({ executable: 'w', args: [arg] });
    const { seed, ...rest } = { ...launchOf(), ...missing };
    const launch = { ...rest, ...(seed === undefined ? {} : { seed }) };
    await expect(type.plan(launch)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(reason),
    });
  });

  it.each([
    ['./bin/worker', '/base/bin/worker'],
    ['bin/worker', '/base/bin/worker'],
    ['../worker', '/worker'],
    ['/opt/worker', '/opt/worker'],
    ['worker', 'worker'],
  ])('executable %s starts as %s', async (executable, expected) => {
    expect((await (await executableType({ executable })).plan(launchOf())).executable).toBe(expected);
  });

  it.each([
    [undefined, '/base'],
    ['runs', '/base/runs'],
    ['/srv', '/srv'],
  ])('cwd %s is %s', async (cwd, expected) => {
    const options = { executable: 'w', ...(cwd === undefined ? {} : { cwd }) };
    expect((await (await executableType(options)).plan(launchOf())).cwd).toBe(expected);
  });

  it('register: none is a plain program that can only be stopped', async () => {
    const type = await executableType({ executable: 'sleep', register: 'none' });
    expect(type).toMatchObject({ registers: false, acknowledges: false });
    expect([...type.commands]).toEqual(['stop']);
    const explicit = await executableType({ executable: 'sleep', register: 'none', commands: ['stop'] });
    expect([...explicit.commands]).toEqual(['stop']);
    expect(
      reasonOf(await executableType({ executable: 'sleep', register: 'none', commands: ['stop', 'pause'] })),
    ).toMatch(/options.commands: pause/);
  });

  it('says which events it emits, and where they go', async () => {
    const subject = 'events.simulation.{simulation_id}.agent.{agent_id}.observation';
    const type = await executableType({
      executable: 'w',
      events: [
        { key: 'sim.world_state.v1', log: false, description: 'the world' },
        { key: 'custom.thing.v2', subject },
      ],
    });
    expect(type.eventTypeKeys).toEqual(['sim.world_state.v1', 'custom.thing.v2']);
    expect(type.routes.find('sim.world_state.v1' as never)).toMatchObject({ logged: false });
    expect(type.routes.find('custom.thing.v2' as never)).toMatchObject({ logged: true, template: { text: subject } });
  });

  it('takes the commands and acknowledgements that it is told', async () => {
    const type = await executableType({ executable: 'w', commands: ['pause', 'snapshot'], acknowledges: false });
    expect([...type.commands].sort()).toEqual(['pause', 'snapshot', 'stop']);
    expect(type.acknowledges).toBe(false);
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ['no executable', {}, /options.executable: is required/],
    ['an empty executable', { executable: '' }, /options.executable: /],
    ['a misspelt key', { executable: 'w', arg: [] }, /options.arg: unknown key; did you mean "args"\?/],
    [
      'a misspelt key of an event',
      { executable: 'w', events: [{ key: 'a', sbject: 'x' }] },
      /options.events\[0\].sbject: unknown key; did you mean "subject"\?/,
    ],
    ['args that are not a list', { executable: 'w', args: '--x' }, /options.args: "--x" must be array/],
    ['an argument that is no text', { executable: 'w', args: ['a', 5] }, /options.args\[1\]: 5 must be string/],
    ['a variable that is no text', { executable: 'w', env: { PORT: 80 } }, /options.env.PORT: 80 must be string/],
    [
      'a variable of Shoal’s own',
      { executable: 'w', env: { SHOAL_SEED: '1' } },
      /options.env: "SHOAL_SEED" is not allowed as a key/,
    ],
    [
      'passing a variable of Shoal’s own',
      { executable: 'w', pass_env: ['SHOAL_ADDRESS'] },
      /options.pass_env\[0\]: "SHOAL_ADDRESS" must match/,
    ],
    [
      'an unknown command',
      { executable: 'w', commands: ['puase'] },
      /options.commands\[0\]: "puase" must be one of .*; did you mean "pause"\?/,
    ],
    ['a command twice', { executable: 'w', commands: ['pause', 'pause'] }, /options.commands: .*duplicate/],
    [
      'an unknown register',
      { executable: 'w', register: false },
      /options.register: false must be one of "required", "none"/,
    ],
    [
      'a misspelt placeholder',
      { executable: 'w', args: ['x', '{workerid}'] },
      /options.args\[1\]: unknown placeholder \{workerid\}; known are \{worker_id\}/,
    ],
    [
      'a misspelt placeholder in a variable',
      { executable: 'w', env: { A: '{x}' } },
      /options.env.A: unknown placeholder \{x\}/,
    ],
    [
      'a bad event key',
      { executable: 'w', events: [{ key: 'a..b' }] },
      /events\[0\].key: "a..b" must be 1 to 16 tokens/,
    ],
    [
      'an event key of Shoal’s own',
      { executable: 'w', events: [{ key: 'orchestrator.x' }] },
      /events\[0\].key: orchestrator/,
    ],
    [
      'an event key twice',
      { executable: 'w', events: [{ key: 'a' }, { key: 'a' }] },
      /events\[1\].key: a is declared twice/,
    ],
    [
      'a subject outside events',
      { executable: 'w', events: [{ key: 'a', subject: 'logging.x' }] },
      /events\[0\].subject: "logging.x" must begin with "events."/,
    ],
    [
      'a subject with a wildcard',
      { executable: 'w', events: [{ key: 'a', subject: 'events.>' }] },
      /events\[0\].subject: /,
    ],
    ['several faults at once', { args: 1, cwd: 2 }, /options.executable: .*options.args: .*options.cwd: /],
  ];
  it.each(wrong)('%s makes the type unavailable with the reason', async (_, options, reason) => {
    expect(reasonOf(await executableType(options))).toMatch(reason);
  });
});
