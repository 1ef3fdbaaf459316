// Original file: null

import type { Long } from '@grpc/proto-loader';

export interface Timestamp {
  'seconds'?: (number | string | Long) | undefined;
  'nanos'?: (number) | undefined;
}

export interface TimestampOutput {
  'seconds': (string);
  'nanos': (number);
}
