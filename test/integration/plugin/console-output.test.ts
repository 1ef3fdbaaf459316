import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PluginFolder, pluginText } from '../../support/plugins/plugin-folder.ts';

const run = promisify(execFile);

it('what a plugin prints while it is loaded is on stderr, and the result of `config check` alone on stdout', async () => {
  const folder = new PluginFolder();
  try {
    folder.file(
      'noisy.mjs',
      `import console from 'node:console';
       console.log('by import');
       globalThis.console.info('by global');
       console.table([{ noise: 1 }]);
       console.dir({ noise: 2 });
       export default ${pluginText('noisy')};`,
    );
    const file = folder.file('shoal.yaml', 'worker_types: [{ name: noisy, plugin: ./noisy.mjs }]');
    const args = ['-C', 'source', resolve('src/main.ts'), 'config', 'check', '--offline', file, '-o', 'json'];
    const { stdout, stderr } = await run(process.execPath, args);
    expect(JSON.parse(stdout)).toEqual({ valid: true, problems: [] });
    for (const noise of ['by import', 'by global', '│ 1', 'noise: 2']) expect(stderr).toContain(noise);
  } finally {
    folder.remove();
  }
});
