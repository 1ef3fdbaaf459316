import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutputLine } from '../../../src/ports/worker-launcher.ts';
import { ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';

const MIB = 1024 * 1024;

/** Counts lines, keeps none, and watches the memory of this process while they come. */
class CountingObserver extends RecordingObserver {
  count = 0;
  truncated = 0;
  peakBytes = 0;
  readonly #startBytes = usedBytes();

  override onOutput(line: OutputLine): void {
    this.count++;
    if (line.truncated) this.truncated++;
    if (this.count % 4096 === 1) this.sample();
  }

  sample(): void {
    this.peakBytes = Math.max(this.peakBytes, usedBytes() - this.#startBytes);
  }
}

function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('output of a worker', () => {
  let harness: ProcessHarness;
  beforeEach(() => {
    harness = new ProcessHarness();
  });
  afterEach(() => harness.close());

  it.each([
    ['of 50 MB in one line', `head -c ${50 * MIB} /dev/zero; echo; echo end`, 2, 1],
    ['of 50 MB in lines over the limit', `head -c ${50 * MIB} /dev/zero | fold -w 4096 | tr '\\0' x`, 12_800, 12_800],
    ['of 50 MB in short lines', `yes 0123456789012345678 | head -c ${50 * MIB}`, 2_621_440, 0],
  ])('a flood %s does not grow the memory', async (_, script, lines, truncated) => {
    const observer = new CountingObserver();
    await harness.launcher.launch(harness.shell(script), observer);
    const sampler = setInterval(() => observer.sample(), 5);
    const { code } = await observer.exit();
    clearInterval(sampler);
    expect({ code, lines: observer.count, truncated: observer.truncated }).toEqual({ code: 0, lines, truncated });
    expect(observer.peakBytes).toBeLessThan(40 * MIB);
  });

  it('a flood leaves the event loop to others: between two of its turns a chunk or two is read', async () => {
    const observer = new CountingObserver();
    const handle = await harness.launcher.launch(harness.shell('yes'), observer);
    let before = 0;
    let mostLines = 0;
    while (observer.count < 500_000) {
      await new Promise((resolve) => setImmediate(resolve));
      mostLines = Math.max(mostLines, observer.count - before);
      before = observer.count;
    }
    harness.launcher.signal(handle, 'SIGKILL');
    await observer.exit();
    // `y` and a newline: 32 Ki lines a chunk.
    expect(mostLines).toBeLessThanOrEqual(2 * 32_768);
  });

  it('bytes that are not UTF-8 are replaced', async () => {
    const observer = new RecordingObserver();
    await harness.launcher.launch(
      harness.shell("printf 'a\\377b\\303\\n'; printf '\\360\\237\\220\\237\\n'"),
      observer,
    );
    await observer.exit();
    expect(observer.texts()).toEqual(['a\ufffdb\ufffd', '🐟']);
  });

  it('an observer that throws does not stop the others, nor the exit', async () => {
    const broken = new RecordingObserver();
    broken.onOutput = () => {
      throw new Error('broken observer');
    };
    const observer = new RecordingObserver();
    await harness.launcher.launch(harness.shell('echo a; echo b'), broken);
    await harness.launcher.launch(harness.shell('echo a; echo b'), observer);
    await Promise.all([broken.exit(), observer.exit()]);
    expect(observer.texts()).toEqual(['a', 'b']);
  });
});
