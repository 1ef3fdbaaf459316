import { defineConfig } from 'vitest/config';

/** `source` makes `shoal/plugin` and `shoal/worker` resolve to the TypeScript sources, as `node -C source` does. */
const resolve = { conditions: ['source', 'node'] };
const ssr = { resolve: { conditions: ['source', 'node'] } };

function project(name: string, timeoutMs: number, more: object = {}) {
  return {
    resolve,
    ssr,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      ...more,
    },
  };
}

const needsNats = { globalSetup: ['test/support/nats-server-setup.ts'] };

export default defineConfig({
  test: {
    projects: [
      project('unit', 10_000),
      project('contract', 30_000, needsNats),
      project('integration', 60_000, needsNats),
      project('e2e', 180_000, { ...needsNats, fileParallelism: false }),
    ],
  },
});
