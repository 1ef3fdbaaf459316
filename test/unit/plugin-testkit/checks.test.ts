import { CHECKS, checkPlugin } from 'shoal/plugin-testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { executable } from '../../../plugins/executable/executable.ts';
import { SOUND_TRIAL, soundPlugin } from '../../support/plugins/sound-plugin.ts';
import { BROKEN_PLUGINS } from './broken-plugins.ts';

const NAMES = Object.keys(CHECKS);

afterEach(() => {
  delete process.env['SOUND_PLUGIN'];
});

describe('each check', () => {
  it('has a plugin that fails it', () => {
    expect([...new Set(BROKEN_PLUGINS.map(({ fails }) => fails))].toSorted()).toEqual(NAMES.toSorted());
  });

  it.each(BROKEN_PLUGINS)('$fails fails alone: $problem', async ({ fails, plugin, trial, problem }) => {
    const { ok, checks, notRun } = await checkPlugin(plugin, { ...SOUND_TRIAL, ...trial });
    expect(ok).toBe(false);
    expect(checks.filter((check) => !check.ok)).toEqual([
      { name: fails, ok: false, problem: expect.stringMatching(problem) },
    ]);
    expect([...checks.map(({ name }) => name), ...notRun].toSorted()).toEqual(NAMES.toSorted());
  });
});

describe('a sound plugin', () => {
  it('passes every check', async () => {
    const { plugin, ok, checks, notRun } = await checkPlugin(soundPlugin(), SOUND_TRIAL);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect({ plugin, ok, notRun, asked: checks.map(({ name }) => name) }).toEqual({
      plugin: 'sound',
      ok: true,
      notRun: [],
      asked: NAMES,
    });
  });

  it('passes also when all of it is frozen', async () => {
    const launch = () => Object.freeze({ executable: process.execPath, args: Object.freeze([]) });
    const describe = soundPlugin({}, { launch }).describe as (options: object) => object;
    const frozen = Object.freeze(soundPlugin({ describe: (options: object) => Object.freeze(describe(options)) }));
    expect((await checkPlugin(frozen, SOUND_TRIAL)).checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('passes also when its hooks need the object that they are called on', async () => {
    class Plugin {
      readonly #program = process.execPath;
      readonly apiVersion = 1;
      readonly name = 'class';
      readonly description = 'Of a class.';
      readonly optionsSchema = soundPlugin().optionsSchema;
      async describe(options: never, context: never) {
        const described = await soundPlugin().describe(options, context);
        return { ...described, launch: () => ({ executable: this.#program }) };
      }
    }
    expect((await checkPlugin(new Plugin() as never, SOUND_TRIAL)).checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});

describe('the built-in plugin executable', () => {
  it('passes every check, as a worker and as a plain program', async () => {
    const options = {
      executable: process.execPath,
      args: ['--worker', '{worker_id}', '--config={config_file}', '{{seed}}'],
      env: { ADDRESS: '{grpc_address}' },
      pass_env: ['RUST_LOG'],
      cwd: '.',
      events: [{ key: 'sim.world_state.v1', subject: 'events.{simulation_id}.world', log: false }],
      commands: ['pause', 'resume', 'stop'],
    };
    const refusedOptions = [
      {},
      { executable: 1 },
      { ...options, args: ['{worker}'] },
      { ...options, env: { SHOAL_SEED: '1' } },
      { ...options, register: 'none' },
    ];
    for (const given of [options, { executable: 'node', register: 'none' }]) {
      const { checks, notRun } = await checkPlugin(executable, {
        options: given,
        refusedOptions,
        runConfigs: [{}, [1], null],
      });
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(notRun).toEqual([]);
    }
  });

  it('passes with a placeholder that not every launch has, when only such launches are tried', async () => {
    const options = { executable: process.execPath, args: ['{seed}', '{nats_url}'] };
    const { checks } = await checkPlugin(executable, { options });
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['launch-succeeds']);
    const launches = [{ seed: 1n, commandTransport: 'nats' as const }];
    expect((await checkPlugin(executable, { options, launches })).ok).toBe(true);
  });
});
