import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LeftOutReporter } from './test/support/left-out-reporter.ts';

/**
 * `source` makes `shoal/plugin` and `shoal/worker` resolve to the TypeScript sources, as `node -C source` does. Without
 * `import`: with it, protobufjs gets `long` as an ES module, and reads 64-bit integers as doubles.
 */
const conditions = ['source', 'node'];

const cores = Math.min(4, availableParallelism());

interface ProjectOptions {
  readonly timeoutMs: number;
  /** Projects of the same order run together, the lower ones first. */
  readonly order: number;
  readonly needsNats?: boolean;
  /** Default true: each test file has a process of its own. */
  readonly isolate?: boolean;
  /** Default 1: test files at a time, each in a process. More where they wait for sockets and processes most of their time. */
  readonly filesPerCore?: number;
}

function project(name: string, options: ProjectOptions) {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: options.timeoutMs,
      hookTimeout: options.timeoutMs,
      globalSetup: options.needsNats === true ? ['test/support/nats-server-setup.ts'] : [],
      isolate: options.isolate ?? true,
      maxWorkers: Math.ceil(cores * (options.filesPerCore ?? 1)),
      sequence: { groupOrder: options.order },
    },
  };
}

export default defineConfig({
  test: {
    // `.ci/run` reads the counts from the report.
    reporters: [...(process.env['CI'] === undefined ? ['default'] : ['default', 'json']), new LeftOutReporter()],
    outputFile: { json: '.cache/test-report.json' },
    projects: [
      // These share nothing but modules; to import them for every file again is half of their time.
      project('unit', { timeoutMs: 30_000, order: 0, isolate: false }),
      // Whole worlds in simulated time: the real domain, everything around it played.
      project('dst', { timeoutMs: 120_000, order: 0 }),
      project('contract', { timeoutMs: 60_000, order: 1, needsNats: true, filesPerCore: 2 }),
      project('integration', { timeoutMs: 60_000, order: 1, needsNats: true, filesPerCore: 2 }),
      project('e2e', { timeoutMs: 180_000, order: 2, needsNats: true, filesPerCore: 1.5 }),
      // What needs more of the machine: `npm run test:full`.
      ...(process.env['SHOAL_TEST_FULL'] === undefined
        ? []
        : [project('full', { timeoutMs: 300_000, order: 3, needsNats: true })]),
    ],
  },
});
