import { readFileSync } from 'node:fs';
import type { LaunchContext } from 'shoal/plugin';
import { assertConforms, CHECKS, ConformanceError, checkPlugin, formatReport } from 'shoal/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { SOUND_TRIAL, soundPlugin } from '../../support/plugins/sound-plugin.ts';

const COUNT = Object.keys(CHECKS).length;
const misspelt = soundPlugin({}, { commands: ['puase'], passEnv: ['SHOAL_X'] });

describe('formatReport', () => {
  it('has a line for each check, with what it asks', async () => {
    const lines = formatReport(await checkPlugin(soundPlugin(), SOUND_TRIAL)).split('\n');
    expect(lines[0]).toBe(`plugin sound passes ${COUNT} checks`);
    expect(lines.slice(1)).toEqual(Object.entries(CHECKS).map(([name, asks]) => `  ✓ ${name}: ${asks}`));
  });

  it('says what is wrong, and what could not be asked for that', async () => {
    const lines = formatReport(await checkPlugin(misspelt, SOUND_TRIAL)).split('\n');
    expect(lines).toHaveLength(1 + COUNT);
    expect(lines[0]).toMatch(/^plugin sound fails 2 of \d+ checks; \d+ were not run$/);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}✗ commands-known: commands\[0\]: "puase" is no command/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}✗ passed-variables: passEnv\[0\]: "SHOAL_X" must be/));
    expect(lines).toContain('  - launch-in-time: not run');
  });
});

describe('assertConforms', () => {
  it('answers the report when all is well', async () => {
    expect(await assertConforms(soundPlugin(), SOUND_TRIAL)).toMatchObject({ plugin: 'sound', ok: true });
  });

  it('throws one error that names each check that failed', async () => {
    const thrown = await assertConforms(misspelt, SOUND_TRIAL).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ConformanceError);
    const { message, report } = thrown as ConformanceError;
    const [title, ...lines] = message.split('\n');
    expect(title).toMatch(/^plugin sound fails 2 of \d+ checks; \d+ were not run$/);
    expect(lines.map((line) => /^ {2}(✗ [\w-]+): /.exec(line)?.[1])).toEqual([
      '✗ commands-known',
      '✗ passed-variables',
    ]);
    expect(report.notRun.length).toBeGreaterThan(0);
  });
});

describe('a trial', () => {
  it('can leave out checks, which then say nothing', async () => {
    const plugin = soundPlugin({}, { launch: () => ({ executable: 'not-installed-anywhere' }) });
    expect((await checkPlugin(plugin, SOUND_TRIAL)).ok).toBe(false);
    expect(await checkPlugin(plugin, { ...SOUND_TRIAL, skip: ['launch-startable'] })).toMatchObject({
      ok: true,
      notRun: ['launch-startable'],
    });
  });

  it.each([
    [{ runConfig: [] }, /"runConfig" is no member of a trial; .*; did you mean "runConfigs"\?/],
    [{ options: { size: () => 3 } }, /options and configurations of a trial must be plain data/],
    [{ skip: ['launch-startble'] }, /"launch-startble" is no check; .*; did you mean "launch-startable"\?/],
  ])('with a mistake is refused: %j', async (trial, message) => {
    await expect(checkPlugin(soundPlugin(), trial as never)).rejects.toThrow(message);
  });

  it('is of an empty configuration and no options unless it says more', async () => {
    const { checks } = await checkPlugin(soundPlugin());
    expect(checks.filter(({ ok }) => !ok)).toEqual([
      { name: 'options-accepted', ok: false, problem: 'options.size: is required' },
    ]);
  });

  it('gives the plugin a configuration file that it can read, and the folder of the configuration', async () => {
    const seen: unknown[] = [];
    const launch = ({ configFile, commandTransport, seed, incarnation }: LaunchContext) => {
      seen.push({ config: JSON.parse(readFileSync(configFile, 'utf8')), commandTransport, seed, incarnation });
      return { executable: process.execPath };
    };
    let folder = '';
    const describe = soundPlugin({}, { launch }).describe as (...args: unknown[]) => object;
    const plugin = soundPlugin({
      describe(options: unknown, context: { baseDirectory: string }) {
        folder = context.baseDirectory;
        return describe(options, context);
      },
    });
    expect((await checkPlugin(plugin, { ...SOUND_TRIAL, baseDirectory: '/tmp' })).ok).toBe(true);
    expect(folder).toBe('/tmp');
    for (const config of SOUND_TRIAL.runConfigs) {
      expect(seen).toContainEqual({ config, commandTransport: 'nats', seed: 42n, incarnation: 2 });
      expect(seen).toContainEqual({ config, commandTransport: 'grpc', seed: undefined, incarnation: 1 });
    }
  });
});
