// Runs the school from wherever it is: from the TypeScript sources of a checkout, or, in the installed package, from what
// they were built to. In a checkout `shoal/worker` is the source too, which `node -C source` would say for everything.
import { existsSync } from 'node:fs';
import module from 'node:module';

const source = new URL('main.ts', import.meta.url);
const library = new URL('../../src/worker/worker.ts', import.meta.url);

if (existsSync(source)) {
  module.registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'shoal/worker' ? { url: library.href, shortCircuit: true } : next(specifier, context),
  });
  await import(source.href);
} else {
  await import('../../dist/examples/fish-school/main.js');
}
