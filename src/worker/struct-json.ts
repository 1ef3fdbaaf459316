import type { StructOutput } from '../adapters/grpc/generated/google/protobuf/Struct.ts';
import type { ValueOutput } from '../adapters/grpc/generated/google/protobuf/Value.ts';

/** A `google.protobuf.Struct` as the JSON object that it stands for. */
export function structToJson(struct: StructOutput): Record<string, unknown> {
  // fromEntries defines properties, so that a field named __proto__ stays a plain field.
  return Object.fromEntries(Object.entries(struct.fields).map(([name, value]) => [name, valueToJson(value)]));
}

function valueToJson(value: ValueOutput): unknown {
  switch (value.kind) {
    case 'numberValue':
      return value.numberValue;
    case 'stringValue':
      return value.stringValue;
    case 'boolValue':
      return value.boolValue;
    case 'structValue':
      return structToJson(value.structValue ?? { fields: {} });
    case 'listValue':
      return (value.listValue?.values ?? []).map(valueToJson);
    default:
      return null;
  }
}
