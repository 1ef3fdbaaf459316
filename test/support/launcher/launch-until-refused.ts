import type { LaunchHandle } from '../../../src/ports/worker-launcher.ts';
import { ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';

/** Launches workers until the machine refuses (its caller set a low limit on open files), ends one, launches again. */
const harness = new ProcessHarness();
const handles: LaunchHandle[] = [];
let refusedWith: unknown;
const observers: RecordingObserver[] = [];
const launch = async () => {
  const observer = new RecordingObserver();
  handles.push(await harness.launcher.launch(harness.program('/bin/sleep', ['300']), observer));
  observers.push(observer);
};
while (refusedWith === undefined && handles.length < 200) {
  await launch().catch((err) => {
    refusedWith = err.code;
  });
}
const launched = handles.length;
for (const [at, handle] of handles.slice(-3).entries()) {
  harness.launcher.signal(handle, 'SIGKILL');
  await observers[launched - 3 + at]?.exit();
}
await launch();
// Fails when a process is left.
await harness.close();
console.log(
  JSON.stringify({ launchedSome: launched > 3, refusedWith, launchedAfterwards: handles.length === launched + 1 }),
);
