import { invalidArgument } from '../../domain/shoal-error.ts';
import type { Struct, StructOutput } from './generated/google/protobuf/Struct.ts';
import type { Value, ValueOutput } from './generated/google/protobuf/Value.ts';

/** How deep a configuration may nest. */
const MAX_DEPTH = 100;

/** A plain object of JSON values as google.protobuf.Struct. */
export function plainToStruct(plain: Readonly<Record<string, unknown>>): Struct {
  return { fields: Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, plainToValue(value)])) };
}

function plainToValue(value: unknown): Value {
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(plainToValue) } };
  if (value === null || value === undefined) return { nullValue: 'NULL_VALUE' };
  return { structValue: plainToStruct(value as Record<string, unknown>) };
}

/** A plain object. @throws ShoalError INVALID_ARGUMENT for NaN, infinities, and a value that is not set */
export function structToPlain(struct: StructOutput, field: string, depth = 0): Record<string, unknown> {
  if (depth > MAX_DEPTH) throw invalidArgument(field, `is nested more than ${MAX_DEPTH} deep`);
  return Object.fromEntries(
    Object.entries(struct.fields).map(([key, value]) => [key, valueToPlain(value, `${field}.${key}`, depth)]),
  );
}

function valueToPlain(value: ValueOutput, field: string, depth: number): unknown {
  switch (value.kind) {
    case 'nullValue':
      return null;
    case 'numberValue':
      if (!Number.isFinite(value.numberValue)) throw invalidArgument(field, 'must be a finite number');
      return value.numberValue;
    case 'stringValue':
      return value.stringValue;
    case 'boolValue':
      return value.boolValue;
    case 'structValue':
      return structToPlain(value.structValue ?? { fields: {} }, field, depth + 1);
    case 'listValue':
      if (depth > MAX_DEPTH) throw invalidArgument(field, `is nested more than ${MAX_DEPTH} deep`);
      return (value.listValue?.values ?? []).map((item, at) => valueToPlain(item, `${field}[${at}]`, depth + 1));
    default:
      throw invalidArgument(field, 'has no value');
  }
}
