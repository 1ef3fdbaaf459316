import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A folder that is gone when this process is. */
export function makeTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-bench-'));
  made.push(folder);
  return folder;
}
