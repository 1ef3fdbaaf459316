import {
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  type JsonValue,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { readDescriptors } from '../adapters/grpc/proto-loading.ts';

let loaded: FileRegistry | undefined;

function registry(): FileRegistry {
  loaded ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, readDescriptors()));
  return loaded;
}

/** The proto3 JSON of a message, fields at their default included, so that scripts find every name. */
export function protoJson(typeName: string, bytes: Uint8Array): JsonValue {
  const type = registry().getMessage(typeName);
  if (type === undefined) throw new TypeError(`the contract has no message ${typeName}`);
  return jsonOf(type, bytes);
}

/** {@link protoJson} of what a method answers; `path` is as in gRPC: `/package.Service/Method`. */
export function answerJson(path: string, bytes: Uint8Array): JsonValue {
  const [, service = '', name] = path.split('/');
  const method = registry()
    .getService(service)
    ?.methods.find((candidate) => candidate.name === name);
  if (method === undefined) throw new TypeError(`the contract has no method ${path}`);
  return jsonOf(method.output, bytes);
}

function jsonOf(type: DescMessage, bytes: Uint8Array): JsonValue {
  return toJson(type, fromBinary(type, bytes), { registry: registry(), alwaysEmitImplicit: true });
}
