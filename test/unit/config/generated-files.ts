import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs the generator of the schema file and the documentation's tables. */
export function generated(...args: string[]): { status: number | null; stderr: string } {
  const root = join(import.meta.dirname, '../../..');
  const script = join(root, 'scripts', 'generate-config-schema.ts');
  const { status, stderr } = spawnSync(process.execPath, ['-C', 'source', script, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stderr };
}
