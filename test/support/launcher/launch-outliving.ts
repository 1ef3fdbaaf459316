import { ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';

/** A daemon that launches one worker which waits for the file `go`, prints its handle and folder, and waits to be killed. */
const harness = new ProcessHarness();
const plan = harness.outliving('echo up; while [ ! -e "$FOLDER/go" ]; do sleep 0.02; done; echo goes on; exit 5');
const folder = harness.folderOf(plan.workerId);
const observer = new RecordingObserver();
const handle = await harness.launcher.launch({ ...plan, env: { ...plan.env, FOLDER: folder } }, observer);
await observer.line('up');
console.log(JSON.stringify({ handle, folder }));
setInterval(() => {}, 1_000_000);
