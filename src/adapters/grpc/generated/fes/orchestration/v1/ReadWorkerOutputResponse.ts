// Original file: proto/fes/orchestration/v1/client_service.proto

import type { OutputStream as _fes_orchestration_v1_OutputStream, OutputStreamOutput as _fes_orchestration_v1_OutputStreamOutput } from '../../../fes/orchestration/v1/OutputStream.ts';
import type { Timestamp as _google_protobuf_Timestamp, TimestampOutput as _google_protobuf_TimestampOutput } from '../../../google/protobuf/Timestamp.ts';

/**
 * One line that a worker wrote.
 */
export interface ReadWorkerOutputResponse {
  /**
   * The line without its line end; bytes that are not UTF-8 are replaced.
   */
  'line'?: (string) | undefined;
  /**
   * Where it was written.
   */
  'stream'?: (_fes_orchestration_v1_OutputStream) | undefined;
  /**
   * The worker that wrote it.
   */
  'workerId'?: (string) | undefined;
  /**
   * When Shoal read it.
   */
  'time'?: (_google_protobuf_Timestamp | null) | undefined;
  /**
   * Whether the line was longer than the limit and is cut.
   */
  'truncated'?: (boolean) | undefined;
}

/**
 * One line that a worker wrote.
 */
export interface ReadWorkerOutputResponseOutput {
  /**
   * The line without its line end; bytes that are not UTF-8 are replaced.
   */
  'line': (string);
  /**
   * Where it was written.
   */
  'stream': (_fes_orchestration_v1_OutputStreamOutput);
  /**
   * The worker that wrote it.
   */
  'workerId': (string);
  /**
   * When Shoal read it.
   */
  'time': (_google_protobuf_TimestampOutput | null);
  /**
   * Whether the line was longer than the limit and is cut.
   */
  'truncated': (boolean);
}
