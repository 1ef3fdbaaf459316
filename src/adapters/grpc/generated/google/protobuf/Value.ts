// Original file: null

import type { NullValue as _google_protobuf_NullValue, NullValueOutput as _google_protobuf_NullValueOutput } from '../../google/protobuf/NullValue.ts';
import type { Struct as _google_protobuf_Struct, StructOutput as _google_protobuf_StructOutput } from '../../google/protobuf/Struct.ts';
import type { ListValue as _google_protobuf_ListValue, ListValueOutput as _google_protobuf_ListValueOutput } from '../../google/protobuf/ListValue.ts';

export interface Value {
  'nullValue'?: (_google_protobuf_NullValue) | undefined;
  'numberValue'?: (number | string) | undefined;
  'stringValue'?: (string) | undefined;
  'boolValue'?: (boolean) | undefined;
  'structValue'?: (_google_protobuf_Struct | null) | undefined;
  'listValue'?: (_google_protobuf_ListValue | null) | undefined;
  'kind'?: "nullValue"|"numberValue"|"stringValue"|"boolValue"|"structValue"|"listValue" | undefined;
}

export interface ValueOutput {
  'nullValue'?: (_google_protobuf_NullValueOutput) | undefined;
  'numberValue'?: (number) | undefined;
  'stringValue'?: (string) | undefined;
  'boolValue'?: (boolean) | undefined;
  'structValue'?: (_google_protobuf_StructOutput | null) | undefined;
  'listValue'?: (_google_protobuf_ListValueOutput | null) | undefined;
  'kind'?: "nullValue"|"numberValue"|"stringValue"|"boolValue"|"structValue"|"listValue" | undefined;
}
