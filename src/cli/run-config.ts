import { addAbortSignal } from 'node:stream';
import { fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf';
import { StructSchema } from '@bufbuild/protobuf/wkt';
import type { Struct } from '../adapters/grpc/generated/google/protobuf/Struct.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import { decode, MAX_FILE_BYTES, readConfigFile } from '../adapters/yaml/config-file.ts';
import { emptyMap, type MapNode, toPlain } from '../adapters/yaml/config-node.ts';
import { parsePath } from '../adapters/yaml/config-path.ts';
import { ProblemList, type SourceLocation } from '../adapters/yaml/config-problem.ts';
import { setAt } from '../adapters/yaml/overrides.ts';
import { readYaml } from '../adapters/yaml/yaml-reader.ts';
import type { CliHost } from './cli-host.ts';

/** The configuration of a run, from a file (`-`: stdin) and the values set on top; undefined when neither was given. */
export async function readRunConfig(
  host: CliHost,
  file: string | undefined,
  settings: readonly (readonly [string, string])[] = [],
): Promise<Struct | undefined> {
  const plain = await readPlainRunConfig(host, file, settings);
  return plain === undefined ? undefined : asStruct(plain);
}

/** As {@link readRunConfig}, as plain data. */
export async function readPlainRunConfig(
  host: CliHost,
  file: string | undefined,
  settings: readonly (readonly [string, string])[] = [],
): Promise<JsonObject | undefined> {
  if (file === undefined && settings.length === 0) return undefined;
  const problems = new ProblemList();
  const root = file === undefined ? emptyMap(place('--set')) : await readMap(host, file, problems);
  for (const [path, text] of settings) {
    const at = place(`--set ${path}`);
    const keys = parsePath(path);
    const value = readValue(text, at.file, problems);
    if (keys === undefined) problems.add(at, [], 'is no path; expected keys joined by dots, such as world.width');
    else if (value !== undefined && root !== undefined) {
      const refused = setAt(root, keys, value);
      if (refused !== undefined) problems.add(at, keys, refused);
    }
  }
  problems.throwAny();
  return root === undefined ? undefined : (toPlain(root) as JsonObject);
}

/** Values by path, each as YAML reads it: `5` is a number and `[a, b]` a list. @throws ConfigInvalidError with all that are none */
export function readSettings(settings: readonly (readonly [string, string])[]): Record<string, unknown> {
  const problems = new ProblemList();
  const values: Record<string, unknown> = {};
  for (const [path, text] of settings) {
    const value = readValue(text, `--set ${path}`, problems);
    if (value !== undefined) values[path] = toPlain(value);
  }
  problems.throwAny();
  return values;
}

function readValue(text: string, name: string, problems: ProblemList) {
  // An empty value is an empty text: in YAML, an empty document would be an empty map.
  return readYaml(text.trim() === '' ? '""' : text, name, problems);
}

async function readMap(host: CliHost, file: string, problems: ProblemList): Promise<MapNode | undefined> {
  const name = file === '-' ? 'stdin' : file;
  const text = file === '-' ? decode(await readStdin(host), name) : readConfigFile(file).text;
  const root = readYaml(text, name, problems);
  if (root === undefined || root.kind === 'map') return root;
  problems.add(root.at, [], 'is no map; expected `key: value` lines, or a JSON object');
  return undefined;
}

/** No more than is looked at: what pours in for ever is refused, not kept. */
async function readStdin({ stdin, interrupts }: CliHost): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of addAbortSignal(interrupts.signal, stdin)) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > MAX_FILE_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function place(file: string): SourceLocation {
  return { file, line: 0, column: 0 };
}

function asStruct(plain: JsonObject): Struct {
  const bytes = toBinary(StructSchema, fromJson(StructSchema, plain));
  return loadProtos().tree.google.protobuf.Struct.deserialize(Buffer.from(bytes));
}
