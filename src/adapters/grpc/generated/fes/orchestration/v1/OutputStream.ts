// Original file: proto/fes/orchestration/v1/client_service.proto

/**
 * Where a worker wrote a line.
 */
export const OutputStream = {
  /**
   * Not known.
   */
  OUTPUT_STREAM_UNSPECIFIED: 'OUTPUT_STREAM_UNSPECIFIED',
  /**
   * Its standard output.
   */
  OUTPUT_STREAM_STDOUT: 'OUTPUT_STREAM_STDOUT',
  /**
   * Its standard error.
   */
  OUTPUT_STREAM_STDERR: 'OUTPUT_STREAM_STDERR',
} as const;

/**
 * Where a worker wrote a line.
 */
export type OutputStream =
  /**
   * Not known.
   */
  | 'OUTPUT_STREAM_UNSPECIFIED'
  | 0
  /**
   * Its standard output.
   */
  | 'OUTPUT_STREAM_STDOUT'
  | 1
  /**
   * Its standard error.
   */
  | 'OUTPUT_STREAM_STDERR'
  | 2

/**
 * Where a worker wrote a line.
 */
export type OutputStreamOutput = typeof OutputStream[keyof typeof OutputStream]
