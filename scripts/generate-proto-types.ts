/**
 * Writes what is made of the .proto files: the TypeScript types below src/adapters/grpc/generated, and the descriptors
 * proto/descriptors.binpb.
 *
 *   node scripts/generate-proto-types.ts           writes them
 *   node scripts/generate-proto-types.ts --check   fails and names the files that are not as they would be written
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  descriptorsFile,
  filesBelow,
  packageRoot,
  protoFiles,
  protoIncludeDirs,
  protoLoaderOptions,
} from '../src/adapters/grpc/proto-loading.ts';

/** File names, relative to the package root, to what is in them. */
type Files = Map<string, Buffer>;

const typesFolder = 'src/adapters/grpc/generated';
const root = packageRoot();

const wanted = generate();
if (process.argv.includes('--check')) check();
else write();

function check(): void {
  const present = new Map([...readTypes(join(root, typesFolder)), ...readIfPresent(descriptorsFile)]);
  const drifted = [...new Set([...wanted.keys(), ...present.keys()])].sort().flatMap((file) => {
    const [want, have] = [wanted.get(file), present.get(file)];
    if (want === undefined) return [`  ${file}: left over`];
    if (have === undefined) return [`  ${file}: missing`];
    return want.equals(have) ? [] : [`  ${file}: differs`];
  });
  if (drifted.length === 0) return;
  console.error(`Not what proto/ gives; run node scripts/generate-proto-types.ts\n${drifted.join('\n')}`);
  process.exitCode = 1;
}

function write(): void {
  rmSync(join(root, typesFolder), { recursive: true, force: true });
  for (const [file, content] of wanted) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  console.log(`${wanted.size} files written`);
}

function generate(): Files {
  const temp = mkdtempSync(join(tmpdir(), 'proto-types-'));
  try {
    // The generator writes one tree of names for each file it is given, named by the file's base name: two files of the
    // same base name would overwrite each other. Given one file that imports all others, it writes one tree of all.
    const imports = protoFiles(root).map((file) => `import "${file}";\n`);
    writeFileSync(join(temp, 'proto-tree.proto'), `syntax = "proto3";\n${imports.join('')}`);
    generateTypes(join(temp, 'types'), [...protoIncludeDirs, temp], 'proto-tree.proto');
    const types = [...readTypes(join(temp, 'types'))].map(([file, text]) => [file, allowUndefined(text)] as const);
    return new Map([...types, [descriptorsFile, buildDescriptors()]]);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

function generateTypes(outDir: string, includeDirs: string[], file: string): void {
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
  execFileSync(process.execPath, [generator, ...flags, file], { cwd: root });
}

/** Lets an optional property be given as undefined, which proto-loader reads as absent; the generator cannot say so. */
function allowUndefined(text: Buffer): Buffer {
  return Buffer.from(text.toString('utf8').replaceAll(/^( *'\w+'\?: .*);$/gm, '$1 | undefined;'));
}

function buildDescriptors(): Buffer {
  const buf = join(root, 'node_modules', '.bin', 'buf');
  return execFileSync(buf, ['build', '--as-file-descriptor-set', '--exclude-source-info', '-o', '-'], { cwd: root });
}

/** The types in a folder, named as if it were the folder of types. */
function readTypes(folder: string): Files {
  const files = existsSync(folder) ? filesBelow(folder, '.ts') : [];
  return new Map(files.map((file) => [`${typesFolder}/${file}`, readFileSync(join(folder, file))]));
}

function readIfPresent(file: string): Files {
  return existsSync(join(root, file)) ? new Map([[file, readFileSync(join(root, file))]]) : new Map();
}
