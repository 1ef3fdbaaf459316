import { ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';

/** A daemon that launches one worker with a grandchild, prints the handle, and waits to be killed. */
const harness = new ProcessHarness();
const plan = harness.shell('setsid sleep 300 & wait');
console.log(JSON.stringify(await harness.launcher.launch(plan, new RecordingObserver())));
setInterval(() => {}, 1_000_000);
