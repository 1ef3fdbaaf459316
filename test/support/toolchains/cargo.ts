import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The workspace of the workers in Rust. */
export const RUST_WORKSPACE = join(ROOT, 'examples/rust-worker');

/** Shared by all builds, so that each dependency is compiled once on a machine; git ignores it. */
const TARGET_FOLDER = join(ROOT, '.cache/cargo-target');

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** What `cargo build` leaves, by its name. */
export type RustBinary = 'fish-worker' | 'flood-worker' | 'counter';

const PLACES: { readonly [name in RustBinary]: string } = {
  'fish-worker': 'release/fish-worker',
  'flood-worker': 'release/flood-worker',
  counter: 'release/examples/counter',
};

/** PATH, then `$CARGO_HOME/bin`, then `~/.cargo/bin`. @throws Error that says what to install */
export function findCargo(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment['HOME'] ?? homedir();
  const folders = [
    ...(environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    join(environment['CARGO_HOME'] ?? join(home, '.cargo'), 'bin'),
    join(home, '.cargo/bin'),
  ];
  const found = folders.map((folder) => join(folder, 'cargo')).find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(
      'there is no cargo on the PATH, in $CARGO_HOME/bin or in ~/.cargo/bin: install Rust 1.89 or newer (https://rustup.rs), with clippy and rustfmt',
    );
  }
  return found;
}

/**
 * Runs cargo in a workspace, in the shared target folder; resolves with its stdout.
 * @throws Error with all that it wrote when it fails
 */
export async function cargo(args: readonly string[], workspace = RUST_WORKSPACE): Promise<string> {
  const program = findCargo();
  // Its own folder first: cargo looks for rustc, and for its subcommands, on the PATH.
  const path = [join(program, '..'), process.env['PATH'] ?? ''].join(delimiter);
  const env = { ...process.env, PATH: path, CARGO_TARGET_DIR: TARGET_FOLDER, CARGO_TERM_COLOR: 'never' };
  try {
    return (await run(program, args, { cwd: workspace, env, maxBuffer: MAX_OUTPUT_BYTES })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`cargo ${args.join(' ')} failed in ${workspace}:\n${stderr}${stdout}`, { cause: error });
  }
}

let built: Promise<string> | undefined;

/** The path of a release binary; builds all of them, the first time that it is asked in this process. */
export async function rustBinary(name: RustBinary): Promise<string> {
  // With the tests, so that a later `cargo test --release` finds everything compiled.
  built ??= cargo(['build', '--release', '--workspace', '--all-targets']);
  await built;
  return join(TARGET_FOLDER, PLACES[name]);
}
