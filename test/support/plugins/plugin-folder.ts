import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder as a user's configuration has it, with plugin modules and `node_modules` written by the test. */
export class PluginFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'shoal-plugins-')));

  /** Answers the absolute path. */
  file(name: string, text: string): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  npmPackage(name: string, manifest: object, files: Readonly<Record<string, string>>): void {
    this.file(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', ...manifest }));
    for (const [file, text] of Object.entries(files)) this.file(`node_modules/${name}/${file}`, text);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** The text of a plugin object, without any import, whose type is described with `description`. */
export function pluginText(description: string, apiVersion: unknown = 1): string {
  return `{
    apiVersion: ${JSON.stringify(apiVersion)}, name: 'p', description: 'p', optionsSchema: {},
    describe: () => ({ description: ${JSON.stringify(description)}, events: [], commands: [], acknowledges: true, registers: true,
      launch: () => ({ executable: 'true' }) }),
  }`;
}
