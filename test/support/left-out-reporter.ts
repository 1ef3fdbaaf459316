import type { Reporter } from 'vitest/node';
import { fullStages } from '../full/stages.ts';

/** The last lines of a plain `npm test`: what it has not run. */
export class LeftOutReporter implements Reporter {
  onTestRunEnd(): void {
    if (process.env['npm_lifecycle_event'] !== 'test') return;
    const lines = fullStages.map(({ name, proves, needs }) => `  ${name}: ${proves} (${needs})`);
    console.log(['Left out here, and run by `npm run test:full`:', ...lines].join('\n'));
  }
}
