/**
 * Writes the TypeScript types of all .proto files to src/adapters/grpc/generated.
 *
 *   node scripts/generate-proto-types.ts           writes them
 *   node scripts/generate-proto-types.ts --check   fails and names the files that are not as they would be written
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  filesBelow,
  packageRoot,
  protoFiles,
  protoIncludeDirs,
  protoLoaderOptions,
} from '../src/adapters/grpc/proto-loading.ts';

const outputFolder = 'src/adapters/grpc/generated';
const root = packageRoot();

const check = process.argv.includes('--check');
const wanted = generate();
const present = readTypes(join(root, outputFolder));

if (check) {
  const drifted = [...new Set([...wanted.keys(), ...present.keys()])].sort().flatMap((file) => {
    if (wanted.get(file) === present.get(file)) return [];
    const how = !present.has(file) ? 'missing' : !wanted.has(file) ? 'left over' : 'differs';
    return [`  ${outputFolder}/${file}: ${how}`];
  });
  if (drifted.length > 0) {
    console.error(
      `The generated types do not match proto/; run node scripts/generate-proto-types.ts\n${drifted.join('\n')}`,
    );
    process.exitCode = 1;
  }
} else {
  rmSync(join(root, outputFolder), { recursive: true, force: true });
  for (const [file, text] of wanted) {
    const target = join(root, outputFolder, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  console.log(`${outputFolder}: ${wanted.size} files`);
}

/** File name to text, of all generated types. */
function generate(): Map<string, string> {
  const temp = mkdtempSync(join(tmpdir(), 'proto-types-'));
  try {
    // The generator writes one tree of names for each file it is given, named by the file's base name: two files of the
    // same base name would overwrite each other. Given one file that imports all others, it writes one tree of all.
    const imports = protoFiles(root).map((file) => `import "${file}";\n`);
    writeFileSync(join(temp, 'proto-tree.proto'), `syntax = "proto3";\n${imports.join('')}`);
    runGenerator(join(temp, 'out'), [...protoIncludeDirs, temp], 'proto-tree.proto');
    const types = readTypes(join(temp, 'out'));
    return new Map([...types].map(([file, text]) => [file, allowUndefined(text)]));
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

function runGenerator(outDir: string, includeDirs: string[], file: string): void {
  const generator = createRequire(import.meta.url).resolve('@grpc/proto-loader/build/bin/proto-loader-gen-types.js');
  const flags = [
    `--keepCase=${protoLoaderOptions.keepCase}`,
    `--longs=${protoLoaderOptions.longs.name}`,
    `--enums=${protoLoaderOptions.enums.name}`,
    `--defaults=${protoLoaderOptions.defaults}`,
    `--oneofs=${protoLoaderOptions.oneofs}`,
    '--grpcLib=@grpc/grpc-js',
    '--includeComments',
    '--inputTemplate=%s',
    '--outputTemplate=%sOutput',
    '--importFileExtension=.ts',
    ...includeDirs.map((dir) => `--includeDirs=${dir}`),
    `--outDir=${outDir}`,
  ];
  // Relative include folders keep the paths in the generated comments relative to the root.
  const result = spawnSync(process.execPath, [generator, ...flags, file], { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`proto-loader-gen-types failed\n${result.stdout}${result.stderr}`);
}

/** Lets an optional property be given as undefined, which proto-loader reads as absent; the generator cannot say so. */
function allowUndefined(text: string): string {
  return text.replaceAll(/^( *'\w+'\?: .*);$/gm, '$1 | undefined;');
}

function readTypes(folder: string): Map<string, string> {
  const files = existsSync(folder) ? filesBelow(folder, '.ts') : [];
  return new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}
