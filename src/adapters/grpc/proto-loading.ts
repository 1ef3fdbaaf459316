import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type Options, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType } from './generated/proto-tree.ts';

/**
 * How messages look in JavaScript, for the runtime and for the generated types alike: camelCase names, 64-bit integers
 * and enum values as strings, bytes as Buffer, every field present but those of a oneof and the `optional` ones.
 */
export const protoLoaderOptions = {
  keepCase: false,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
} as const satisfies Options;

/** The folders that imports are relative to, from the package root. */
export const protoIncludeDirs = ['proto', 'proto/third_party'] as const;

/** All files and what they import as a serialised google.protobuf.FileDescriptorSet, from the package root. */
export const descriptorsFile = 'proto/descriptors.binpb';

export interface LoadedProtos {
  /**
   * By full name: services with the (de)serialisers of their methods, messages, enums. Its `fileDescriptorProtos` are not
   * the files as they were read, but one made up for each package, without its imports: see readDescriptors.
   */
  readonly definition: PackageDefinition;
  /** By nested packages: client constructors and service definitions, `tree.fes.orchestration.v1.…`. */
  readonly tree: ProtoGrpcType;
}

let loaded: LoadedProtos | undefined;

/** Every message, enum and service of Shoal's contract, of health, reflection and google.rpc; read from disk once. */
export function loadProtos(): LoadedProtos {
  loaded ??= load();
  return loaded;
}

/**
 * A serialised google.protobuf.FileDescriptorSet of the same files and what they import, imports first: for reflection,
 * which must name files as they are imported.
 */
export function readDescriptors(): Buffer {
  return readFileSync(join(packageRoot(), descriptorsFile));
}

function load(): LoadedProtos {
  const root = packageRoot();
  const includeDirs = protoIncludeDirs.map((dir) => join(root, dir));
  const definition = loadSync(protoFiles(root), { ...protoLoaderOptions, includeDirs });
  const tree = loadPackageDefinition(definition) as unknown as ProtoGrpcType;
  assertExactIntegers(tree);
  return { definition, tree };
}

/** protobufjs falls back to doubles, without a word, where it cannot `require` the class of the package `long`. */
function assertExactIntegers(tree: ProtoGrpcType): void {
  const greatestOrdinal = Buffer.from('50ffffffffffffffffff01', 'hex');
  const { ordinal } = tree.fes.common.events.GenericEventRequest.deserialize(greatestOrdinal);
  assert.equal(
    ordinal,
    '18446744073709551615',
    'protobufjs reads 64-bit integers as doubles: `long` is resolved as an ES module where it is required, as happens ' +
      'when Node runs with the condition `import` (node -C import, or ssr.resolve.conditions of vitest)',
  );
}

/** All .proto files below the include folders, as they are imported: `fes/…`, `grpc/…`, `google/…`, sorted. */
export function protoFiles(root: string): string[] {
  const [own, thirdParty] = protoIncludeDirs;
  return [
    ...filesBelow(join(root, own, 'fes'), '.proto').map((file) => `fes/${file}`),
    ...filesBelow(join(root, thirdParty), '.proto'),
  ];
}

/** The files below a folder whose names end so: relative to it, with forward slashes, sorted. */
export function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}

/** The folder of package.json, above this file: the same from `src/` and from `dist/src/`. */
export function packageRoot(): string {
  let dir = import.meta.dirname;
  while (!existsSync(join(dir, 'package.json'))) {
    const parent = dirname(dir);
    if (parent === dir) throw new Error(`no package.json above ${import.meta.dirname}`);
    dir = parent;
  }
  return dir;
}
