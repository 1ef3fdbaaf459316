/** Builds `dist/`: JavaScript with declarations, and `shoal` executable. Until it is whole, the former build stays. */
import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const fresh = join(root, '.cache', `dist-${process.pid}`);
const former = `${fresh}-former`;

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
  cwd: root,
  stdio: 'inherit',
});
if (status === 0) {
  const { bin } = (await import(join(root, 'package.json'), { with: { type: 'json' } })).default;
  chmodSync(join(fresh, bin.shoal.replace('./dist/', '')), 0o755);
  moveAway(dist, former);
  renameSync(fresh, dist);
} else {
  process.exitCode = 1;
}
for (const folder of [fresh, former]) rmSync(folder, { recursive: true, force: true });

function moveAway(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
