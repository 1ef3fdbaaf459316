// Original file: null

import type { Long } from '@grpc/proto-loader';

export interface Duration {
  'seconds'?: (number | string | Long) | undefined;
  'nanos'?: (number) | undefined;
}

export interface DurationOutput {
  'seconds': (string);
  'nanos': (number);
}
