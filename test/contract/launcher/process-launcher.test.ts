import { launcherSuite } from './launcher-suite.ts';
import { ProcessHarness } from './process-harness.ts';

launcherSuite('the process launcher', async () => new ProcessHarness());
