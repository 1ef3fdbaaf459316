import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** The .proto files of Shoal, findable by file name and by the full name of anything in them; each as a serialised FileDescriptorProto. */
export class DescriptorIndex {
  readonly #files = new Map<string, FileDescriptorProto>();
  readonly #fileOfSymbol = new Map<string, string>();

  /** @param descriptorSet a serialised google.protobuf.FileDescriptorSet with all imports */
  constructor(descriptorSet: Uint8Array) {
    for (const file of fromBinary(FileDescriptorSetSchema, descriptorSet).file) {
      this.#files.set(file.name, file);
      for (const symbol of symbolsOf(file)) this.#fileOfSymbol.set(symbol, file.name);
    }
  }

  /** The file and everything that it imports, itself first; undefined when there is none of that name. */
  byName(fileName: string): Buffer[] | undefined {
    if (!this.#files.has(fileName)) return undefined;
    const names = new Set([fileName]);
    for (const name of names) for (const imported of this.#files.get(name)?.dependency ?? []) names.add(imported);
    return [...names].flatMap((name) => {
      const file = this.#files.get(name);
      return file === undefined ? [] : [Buffer.from(toBinary(FileDescriptorProtoSchema, file))];
    });
  }

  bySymbol(symbol: string): Buffer[] | undefined {
    const fileName = this.#fileOfSymbol.get(symbol.replace(/^\./, ''));
    return fileName === undefined ? undefined : this.byName(fileName);
  }
}

function* symbolsOf(file: FileDescriptorProto): IterableIterator<string> {
  const prefix = file.package === '' ? '' : `${file.package}.`;
  for (const message of file.messageType) yield* symbolsOfMessage(message, prefix);
  for (const { name } of file.enumType) yield prefix + name;
  for (const { name, method } of file.service) {
    yield prefix + name;
    for (const { name: methodName } of method) yield `${prefix}${name}.${methodName}`;
  }
}

function* symbolsOfMessage(message: DescriptorProto, prefix: string): IterableIterator<string> {
  const name = prefix + message.name;
  yield name;
  for (const field of message.field) yield `${name}.${field.name}`;
  for (const { name: enumName } of message.enumType) yield `${name}.${enumName}`;
  for (const nested of message.nestedType) yield* symbolsOfMessage(nested, `${name}.`);
}
