import { describe, expect, it } from 'vitest';
import { executable } from '../../../plugins/executable/executable.ts';
import type { AnyPlugin } from '../../../src/adapters/plugins/any-plugin.ts';
import type { LaunchContext } from '../../../src/plugin/plugin.ts';
import {
  catalogueOf,
  launchOf,
  MemoryLog,
  plainPlugin,
  reasonOf,
  SIGNAL,
  typeOf,
  workerTypeConfig,
} from '../../support/plugins/catalogue-for-test.ts';

const throwing = (what: unknown) => () => {
  throw what;
};
const described = (descriptor: Record<string, unknown>) => plainPlugin({}, descriptor);

const broken: [string, unknown, RegExp][] = [
  ['has no apiVersion', plainPlugin({ apiVersion: undefined }), /no apiVersion; this Shoal speaks plugin API 1/],
  [
    'is for a newer API',
    plainPlugin({ apiVersion: 2 }),
    /speaks plugin API "2", this Shoal speaks 1; install a newer Shoal or an older plugin/,
  ],
  ['is for an older API', plainPlugin({ apiVersion: 0 }), /install a newer version of the plugin/],
  ['gives its version as text', plainPlugin({ apiVersion: '1.0' }), /speaks plugin API "1.0"/],
  ['is empty', {}, /no apiVersion/],
  ['has no describe', plainPlugin({ describe: 'text' }), /shape of the plugin API: describe: must be a function/],
  ['has no name', plainPlugin({ name: '' }), /name: "" must be 1 to 128 printable characters/],
  ['has a name that breaks the line', plainPlugin({ name: 'a\nb' }), /name: "a\\nb" must be/],
  ['has no schema', plainPlugin({ optionsSchema: undefined }), /optionsSchema: /],
  [
    'has a schema that is none',
    plainPlugin({ optionsSchema: { type: 'strnig' } }),
    /optionsSchema is not a JSON Schema that can be used/,
  ],
  [
    'has a schema with a missing reference',
    plainPlugin({ optionsSchema: { $ref: '#/nowhere' } }),
    /optionsSchema is not .*nowhere/,
  ],
  ['has an asynchronous schema', plainPlugin({ optionsSchema: { $async: true } }), /\$async/],
  [
    'throws in describe',
    plainPlugin({ describe: throwing(new Error('no GPU here; install one')) }),
    /describe\(\) failed: no GPU here; install one/,
  ],
  [
    'rejects in describe',
    plainPlugin({ describe: async () => Promise.reject(new Error('later')) }),
    /describe\(\) failed: later/,
  ],
  ['throws no error', plainPlugin({ describe: throwing('just text') }), /describe\(\) failed: just text/],
  ['throws nothing at all', plainPlugin({ describe: throwing(undefined) }), /describe\(\) failed: undefined/],
  [
    'throws what cannot be shown',
    plainPlugin({ describe: throwing(Object.create(null)) }),
    /describe\(\) failed: something that cannot be shown/,
  ],
  ['throws a page', plainPlugin({ describe: throwing(new Error('x\n'.repeat(10_000))) }), /^.{0,700}$/],
  ['describes nothing', plainPlugin({ describe: () => undefined }), /describe\(\) does not have the shape/],
  ['describes without a launch', described({ launch: undefined }), /launch: must be a function/],
  ['misspells an optional member', described({ passenv: [] }), /passenv/],
  [
    'names an unknown command',
    described({ commands: ['stop', 'puase'] }),
    /commands\[1\]: "puase" is no command; there are pause, .*; did you mean "pause"\?/,
  ],
  [
    'has several faults',
    described({ events: [{ key: 'a b' }, { key: 'a', subject: 'x' }], passEnv: ['SHOAL_X'], commands: ['jump'] }),
    /events\[0\].key: .*; events\[1\].subject: .*; commands\[0\]: .*; passEnv\[0\]: /,
  ],
  [
    'takes commands without registering',
    described({ registers: false, commands: ['stop', 'step'] }),
    /commands: step needs workers that register/,
  ],
  ['emits a malformed key', described({ events: [{ key: 'a b' }] }), /events\[0\].key: "a b" must be/],
  [
    'emits to a malformed subject',
    described({ events: [{ key: 'ok' }, { key: 'a', subject: 'events.{Bad}' }] }),
    /events\[1\].subject: /,
  ],
  [
    'wants a variable of Shoal',
    described({ passEnv: ['SHOAL_X'] }),
    /passEnv\[0\]: "SHOAL_X" must be the name of a variable/,
  ],
  ['has functions for data', described({ extensions: { viewer: () => {} } }), /plain data/],
  [
    'has a bad configuration schema',
    described({ configSchema: { type: 'objct' } }),
    /configSchema is not a JSON Schema/,
  ],
  [
    'describes with a trap',
    described({
      get events() {
        throw new Error('trapped');
      },
    }),
    /trapped/,
  ],
];

describe('a plugin that cannot be used makes its type unavailable, with the reason', () => {
  it.each(broken)('one that %s', async (_, plugin, reason) => {
    const log = new MemoryLog();
    const builtIns = new Map<string, AnyPlugin>([
      ['executable', executable],
      ['broken', plugin as AnyPlugin],
    ]);
    const configs = [
      workerTypeConfig('broken', {}, 'bad'),
      workerTypeConfig('executable', { executable: 'w' }, 'good'),
    ];
    const catalogue = catalogueOf(configs, { builtIns, log });
    await catalogue.start(SIGNAL);

    const bad = catalogue.get('bad');
    if (bad === undefined) throw new Error('not listed');
    expect(reasonOf(bad)).toMatch(reason);
    expect(reasonOf(bad)).toMatch(/^plugin broken: /);
    expect(bad).toMatchObject({ config: { name: 'bad' }, eventTypeKeys: [], registers: false });
    expect(() => bad.checkRunConfig({})).toThrow(/worker type bad is unavailable: plugin broken: /);
    await expect(bad.plan(launchOf())).rejects.toMatchObject({ code: 'WORKER_TYPE_UNKNOWN' });
    expect(log.entries.filter(({ level }) => level !== 'debug')).toMatchObject([
      { level: 'warn', message: 'worker type unavailable', fields: { workerType: 'bad' } },
    ]);

    expect(catalogue.list().map(({ config }) => config.name)).toEqual(['bad', 'good']);
    expect(catalogue.get('good')?.availability).toEqual({ available: true });
    expect(await catalogue.get('good')?.plan(launchOf())).toMatchObject({ executable: 'w' });
    expect(catalogue.get('other')).toBeUndefined();
  });

  it('a routing rule that cannot be compiled says so', async () => {
    const type = await typeOf(plainPlugin(), {}, { routingRules: [{ key: 'a', subject: 'nowhere' }] });
    expect(reasonOf(type)).toMatch(/routes cannot be made: subject: "nowhere" must begin with "events."/);
  });

  it('is empty before start, and starts once', async () => {
    let described = 0;
    const plugin = plainPlugin({ describe: () => described++ });
    const catalogue = catalogueOf([workerTypeConfig('p')], { builtIns: new Map([['p', plugin as AnyPlugin]]) });
    expect(catalogue.list()).toEqual([]);
    await Promise.all([catalogue.start(SIGNAL), catalogue.start(SIGNAL)]);
    await catalogue.stop();
    expect(described).toBe(1);
  });
});

describe('a launch hook that fails', () => {
  it.each<[string, (context: LaunchContext) => unknown, RegExp]>([
    [
      'throws',
      throwing(new Error('no free GPU')),
      /worker type fish: its plugin under-test failed to launch: no free GPU/,
    ],
    ['rejects', () => Promise.reject(new Error('later')), /later/],
    ['answers nothing', () => undefined, /launch\(\) does not have the shape/],
    ['answers no executable', () => ({ args: [] }), /executable: /],
    ['answers numbers as arguments', () => ({ executable: 'w', args: [1] }), /args\[0\]: /],
    ['answers numbers as variables', () => ({ executable: 'w', env: { A: 1 } }), /env.A: /],
    ['misspells a member', () => ({ executable: 'w', arg: [] }), /arg/],
    ['answers an argument with a NUL', () => ({ executable: 'w', args: ['a', 'b\0'] }), /args\[1\]: .* NUL/],
    ['answers a variable without a name', () => ({ executable: 'w', env: { '': 'x' } }), /env: "" cannot be the name/],
    [
      'would override a variable of Shoal',
      () => ({ executable: 'w', env: { A: '1', SHOAL_WORKER_TOKEN: 'mine' } }),
      /env.SHOAL_WORKER_TOKEN: names that begin with SHOAL_ are set by Shoal alone/,
    ],
    [
      'shows the token to every user of the machine',
      ({ token }) => ({ executable: 'w', args: ['--auth', `Bearer ${token}`] }),
      /args: the worker's token must not stand on its command line; workers have it in SHOAL_WORKER_TOKEN/,
    ],
  ])('%s: the launch fails with the reason, and the type stays', async (_, launch, message) => {
    const type = await typeOf(plainPlugin({}, { launch }));
    await expect(type.plan(launchOf())).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
    expect(type.availability.available).toBe(true);
  });

  it('may put the token into the environment, which is private', async () => {
    const type = await typeOf(
      plainPlugin({}, { launch: ({ token }: LaunchContext) => ({ executable: 'w', env: { TOKEN: token } }) }),
    );
    expect((await type.plan(launchOf())).env).toMatchObject({ TOKEN: 'secret' });
  });
});
