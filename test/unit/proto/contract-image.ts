import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, type DescFile, type DescMessage, fromBinary } from '@bufbuild/protobuf';
import { type FileDescriptorSet, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { packageRoot, readDescriptors } from '../../../src/adapters/grpc/proto-loading.ts';

/** Everything below proto/ and what it imports, as buf compiles it, with comments: not what the server loads it with. */
export function buildImage(): FileDescriptorSet {
  const root = packageRoot();
  const buf = join(root, 'node_modules', '.bin', 'buf');
  return fromBinary(FileDescriptorSetSchema, execFileSync(buf, ['build', '-o', '-'], { cwd: root }));
}

/** The contract that the breaking check compares with. */
export function readBaseline(): FileDescriptorSet {
  return fromBinary(FileDescriptorSetSchema, readFileSync(join(packageRoot(), 'proto', 'baseline.binpb')));
}

/** What a running server gives to reflection clients. */
export function readServedDescriptors(): FileDescriptorSet {
  return fromBinary(FileDescriptorSetSchema, readDescriptors());
}

/** The files of Shoal's own contract in such an image. */
export function ownFiles(image: FileDescriptorSet): DescFile[] {
  return [...createFileRegistry(image).files].filter((file) => file.proto.name.startsWith('fes/'));
}

/** One message of such an image, for @bufbuild/protobuf to encode and decode. */
export function messageOf(image: FileDescriptorSet, typeName: string): DescMessage {
  const message = createFileRegistry(image).getMessage(typeName);
  if (message === undefined) throw new Error(`no message ${typeName}`);
  return message;
}
