import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from 'vitest';
import { buildImage } from './contract-image.ts';

// Field numbers in descriptor.proto, of which the paths of comments consist.
const inFile = { message: 4, enumeration: 5, service: 6 };
const fieldOfMessage = 2;
const valueOfEnum = 2;
const methodOfService = 2;

const files = buildImage().file.filter((file) => file.name.startsWith('fes/'));

describe('every file of the contract', () => {
  test.each(files.map((file) => [file.name, file] as const))('%s says what each of its names means', (_, file) => {
    const comments = commentsOf(file);
    const silent = namesOf(file).filter(({ path }) => !isSentence(comments.get(path.join('.'))));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

function commentsOf(file: FileDescriptorProto): Map<string, string> {
  const locations = file.sourceCodeInfo?.location ?? [];
  return new Map(locations.map(({ path, leadingComments }) => [path.join('.'), leadingComments]));
}

function isSentence(comment: string | undefined): boolean {
  return comment !== undefined && comment.trim().length > 8 && comment.trim().endsWith('.');
}

function namesOf(file: FileDescriptorProto): { name: string; path: number[] }[] {
  const names: { name: string; path: number[] }[] = [];
  const add = (parent: { name: string }, path: number[], child: number, children: { name: string }[]) => {
    names.push({ name: parent.name, path });
    for (const [i, { name }] of children.entries()) {
      names.push({ name: `${parent.name}.${name}`, path: [...path, child, i] });
    }
  };
  for (const [i, it] of file.messageType.entries()) add(it, [inFile.message, i], fieldOfMessage, it.field);
  for (const [i, it] of file.enumType.entries()) add(it, [inFile.enumeration, i], valueOfEnum, it.value);
  for (const [i, it] of file.service.entries()) add(it, [inFile.service, i], methodOfService, it.method);
  return names;
}
