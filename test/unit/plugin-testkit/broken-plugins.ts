import { setTimeout as sleep } from 'node:timers/promises';
import type { LaunchContext, WorkerTypeDescriptor } from 'shoal/plugin';
import type { CheckName, PluginUnderTest, Trial } from 'shoal/plugin-testkit';
import { soundPlugin } from '../../support/plugins/sound-plugin.ts';

/** A plugin that is sound but for one thing. */
export interface BrokenPlugin {
  /** The check that it fails. */
  readonly fails: CheckName;
  readonly plugin: PluginUnderTest;
  readonly problem: RegExp;
  /** What is tried differently from the sound plugin. */
  readonly trial?: Trial;
}

const never = () => new Promise<never>(() => {});
const throwing = (message: string) => () => {
  throw new Error(message);
};
const described = (descriptor: Readonly<Record<string, unknown>>) => soundPlugin({}, descriptor);
const launching = (launch: (context: LaunchContext) => unknown) => soundPlugin({}, { launch });
const emitting = (...events: object[]) => described({ events });
const NODE = process.execPath;
const SHORT: Trial = { hookTimeoutMs: 100 };

/** What `describe` of the sound plugin answers, for a hook that does something else beside. */
function sound(size: number): WorkerTypeDescriptor {
  return soundPlugin().describe({ size } as never, undefined as never) as WorkerTypeDescriptor;
}

let calls = 0;
let latest = '';

export const BROKEN_PLUGINS: readonly BrokenPlugin[] = [
  { fails: 'loads', plugin: './nowhere.mjs', problem: /nowhere.mjs does not exist/ },
  { fails: 'loads', plugin: 'nowhere.mjs', problem: /a file is named by its path/ },
  { fails: 'loads', plugin: new URL('data.txt', import.meta.url), problem: /data.txt does not exist/ },
  { fails: 'api-version', plugin: soundPlugin({ apiVersion: 2 }), problem: /speaks plugin API "2"/ },
  { fails: 'api-version', plugin: undefined as never, problem: /has no apiVersion/ },
  { fails: 'plugin-shape', plugin: soundPlugin({ describe: 'text' }), problem: /describe: must be a function/ },
  { fails: 'plugin-name', plugin: soundPlugin({ name: 'two\nlines' }), problem: /printable/ },
  {
    fails: 'options-schema',
    plugin: soundPlugin({ optionsSchema: { type: 'objct' } }),
    problem: /optionsSchema is not/,
  },
  {
    fails: 'options-accepted',
    plugin: soundPlugin(),
    trial: { options: { sze: 3 } },
    problem: /options.size: is required; options.sze: unknown key; did you mean "size"/,
  },
  { fails: 'describe-in-time', plugin: soundPlugin({ describe: never }), trial: SHORT, problem: /within 100 ms/ },
  {
    fails: 'describe-in-time',
    plugin: soundPlugin({
      describe(options: { size: number }) {
        compute(150);
        return sound(options.size);
      },
    }),
    trial: SHORT,
    problem: /within 100 ms/,
  },
  { fails: 'describe-succeeds', plugin: soundPlugin({ describe: throwing('no licence') }), problem: /no licence/ },
  { fails: 'descriptor-shape', plugin: described({ pasEnv: [] }), problem: /pasEnv/ },
  { fails: 'descriptor-shape', plugin: soundPlugin({ describe: () => undefined }), problem: /describe\(\) does not/ },
  { fails: 'event-keys', plugin: emitting({ key: 'a b' }), problem: /events\[0\].key: "a b" must be/ },
  { fails: 'event-keys-unreserved', plugin: emitting({ key: 'orchestrator.x' }), problem: /events\[0\].key: orch/ },
  { fails: 'event-keys-once', plugin: emitting({ key: 'a' }, { key: 'a' }), problem: /events\[1\].key: a is declared/ },
  { fails: 'event-subjects', plugin: emitting({ key: 'a', subject: 'log.a' }), problem: /must begin with "events\."/ },
  { fails: 'event-subjects', plugin: emitting({ key: 'a', subject: 'events.x-{id}' }), problem: /has the token/ },
  { fails: 'commands-known', plugin: described({ commands: ['puase'] }), problem: /did you mean "pause"/ },
  { fails: 'commands-possible', plugin: described({ registers: false }), problem: /pause needs workers that register/ },
  { fails: 'passed-variables', plugin: described({ passEnv: ['SHOAL_X'] }), problem: /passEnv\[0\]/ },
  { fails: 'plain-data', plugin: described({ extensions: { view() {} } }), problem: /must be plain data/ },
  { fails: 'config-schema', plugin: described({ configSchema: { type: 'objct' } }), problem: /configSchema is not/ },
  {
    fails: 'options-strict',
    plugin: soundPlugin({ optionsSchema: { required: ['size'], properties: { size: { type: 'integer' } } } }),
    problem: /say additionalProperties: false/,
  },
  {
    fails: 'options-refused',
    plugin: soundPlugin(),
    trial: { refusedOptions: [{ size: 'big' }, { size: -1 }] },
    problem: /refusedOptions\[1\] is taken/,
  },
  {
    fails: 'options-refused',
    plugin: soundPlugin({ describe: ({ size }: { size: number }) => (size < 0 ? undefined : sound(size)) }),
    trial: { refusedOptions: [{ size: -1 }] },
    problem: /refusedOptions\[0\] is taken: neither optionsSchema nor describe\(\) refuses, but describe\(\) does not/,
  },
  {
    fails: 'describe-leaves-input',
    plugin: soundPlugin({
      describe(options: { size: number }) {
        options.size += 1;
        return sound(options.size);
      },
    }),
    problem: /describe\(\) changed its options/,
  },
  {
    fails: 'describe-repeatable',
    plugin: soundPlugin({ describe: () => sound(performance.now()) }),
    problem: /says something else the second time/,
  },
  {
    fails: 'describe-repeatable',
    plugin: soundPlugin({ describe: ({ size }: { size: number }) => (calls++ % 2 === 0 ? sound(size) : never()) }),
    trial: { ...SHORT, refusedOptions: [] },
    problem: /the second time: describe\(\) failed: it did not answer/,
  },
  {
    fails: 'run-configs-accepted',
    plugin: soundPlugin(),
    trial: { runConfigs: [{}, { lable: 'x' }] },
    problem: /runConfigs\[1\] is refused: config.lable: unknown key/,
  },
  {
    fails: 'run-configs-refused',
    plugin: soundPlugin(),
    trial: { refusedRunConfigs: [{ label: 1 }, { label: 'x' }] },
    problem: /refusedRunConfigs\[1\] is taken/,
  },
  { fails: 'launch-in-time', plugin: launching(never), trial: SHORT, problem: /restart .* nats .*: it did not answer/ },
  { fails: 'launch-succeeds', plugin: launching(throwing('no GPU')), problem: /no GPU/ },
  {
    fails: 'launch-succeeds',
    plugin: launching(({ seed }) => ({ executable: NODE, args: [seed?.toString(16) ?? fail('needs a seed')] })),
    problem: /^first launch with commands over grpc and without a seed.*: needs a seed$/,
  },
  { fails: 'launch-shape', plugin: launching(() => ({ executable: '' })), problem: /executable: / },
  { fails: 'launch-shape', plugin: launching(() => ({ executable: NODE, env: { A: 1 } })), problem: /env.A: / },
  { fails: 'launch-shape', plugin: launching(() => ({ executable: NODE, shell: true })), problem: /"shell"/ },
  { fails: 'launch-texts', plugin: launching(() => ({ executable: NODE, args: ['\0'] })), problem: /args\[0\]: .*NUL/ },
  { fails: 'launch-texts', plugin: launching(() => ({ executable: NODE, env: { 'A=B': '' } })), problem: /"A=B"/ },
  {
    fails: 'launch-variables',
    plugin: launching(() => ({ executable: NODE, env: { SHOAL_SEED: '1' } })),
    problem: /env.SHOAL_SEED: names that begin with SHOAL_/,
  },
  {
    fails: 'launch-token',
    plugin: launching(({ token }) => ({ executable: NODE, args: [`--token=${token}`] })),
    problem: /the worker's token must not stand on its command line/,
  },
  {
    fails: 'launch-startable',
    plugin: launching(() => ({ executable: './nowhere/worker' })),
    problem: /nowhere\/worker" does not exist/,
  },
  {
    fails: 'launch-startable',
    plugin: launching(() => ({ executable: NODE, cwd: '/nowhere' })),
    problem: /cwd: "\/nowhere" does not exist/,
  },
  {
    fails: 'launch-leaves-input',
    plugin: launching(({ natsUrls }) => {
      (natsUrls as string[]).push('nats://elsewhere');
      return { executable: NODE };
    }),
    problem: /launch\(\) changed its context/,
  },
  {
    fails: 'launch-repeatable',
    plugin: launching(() => ({ executable: NODE, args: [`--started=${Date.now()}`] })),
    problem: /args of the second answer differs/,
  },
  {
    fails: 'launch-overlaps',
    plugin: launching(async ({ workerId }) => {
      latest = workerId;
      await sleep(1);
      return { executable: NODE, args: [latest] };
    }),
    problem: /args differs when another worker is launched at the same time/,
  },
  {
    fails: 'process-untouched',
    plugin: launching(() => {
      process.env['SOUND_PLUGIN'] = 'was here';
      return { executable: NODE };
    }),
    problem: /changed the environment of the process/,
  },
];

/** Lets nobody else run. */
function compute(ms: number): void {
  const startedMs = performance.now();
  while (performance.now() - startedMs < ms);
}

function fail(message: string): never {
  throw new Error(message);
}
