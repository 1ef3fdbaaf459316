import type { DescEnum, DescField, DescFile, DescMessage, DescService } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';

/** Full name to one line for every message, enum and service, as contract-table.ts writes them. */
export function describeContract(files: readonly DescFile[]): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const file of files) {
    for (const message of file.messages) lines[message.typeName] = describeMessage(message);
    for (const enumeration of file.enums) lines[enumeration.typeName] = describeEnum(enumeration);
    for (const service of file.services) Object.assign(lines, describeService(service));
  }
  return lines;
}

function describeMessage(message: DescMessage): string {
  const fields = message.fields.map((field) => `${field.number} ${field.name} ${describeType(field)}`);
  // The end of a reserved range is exclusive in descriptors.
  const reserved = message.proto.reservedRange.map(({ start, end }) => `reserved ${start} to ${end - 1}`);
  // Types within messages are not allowed; naming them here makes the comparison fail.
  const nested = [...message.nestedMessages, ...message.nestedEnums].map((type) => `nested ${type.name}`);
  return [...fields, ...reserved, ...nested].join(' | ');
}

function describeType(field: DescField): string {
  const within = (name: string) => name.replace(`${field.parent.file.proto.package}.`, '');
  const single = (scalar: ScalarType | undefined, type: DescMessage | DescEnum | undefined) =>
    scalar === undefined ? within(type?.typeName ?? '?') : ScalarType[scalar].toLowerCase();
  switch (field.fieldKind) {
    case 'map':
      return `map<${ScalarType[field.mapKey].toLowerCase()},${single(field.scalar, field.message ?? field.enum)}>`;
    case 'list':
      return `repeated ${single(field.scalar, field.message ?? field.enum)}`;
    default: {
      const type = single(field.scalar, field.message ?? field.enum);
      if (field.oneof !== undefined) return `${type} of oneof ${field.oneof.name}`;
      return field.proto.proto3Optional ? `optional ${type}` : type;
    }
  }
}

function describeEnum(enumeration: DescEnum): string {
  return enumeration.values.map((value) => `${value.number} ${value.name}`).join(' | ');
}

function describeService(service: DescService): Record<string, string> {
  const within = (name: string) => name.replace(`${service.file.proto.package}.`, '');
  return Object.fromEntries(
    service.methods.map(({ name, input, output, methodKind }) => {
      const request = methodKind === 'client_streaming' || methodKind === 'bidi_streaming' ? 'stream ' : '';
      const response = methodKind === 'server_streaming' || methodKind === 'bidi_streaming' ? 'stream ' : '';
      return [
        `${service.typeName}/${name}`,
        `${request}${within(input.typeName)} -> ${response}${within(output.typeName)}`,
      ];
    }),
  );
}
