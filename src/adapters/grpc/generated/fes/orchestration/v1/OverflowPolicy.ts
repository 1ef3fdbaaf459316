// Original file: proto/fes/orchestration/v1/client_service.proto

/**
 * What to do with live events that a subscriber does not read fast enough.
 */
export const OverflowPolicy = {
  /**
   * Means DROP_OLDEST.
   */
  OVERFLOW_POLICY_UNSPECIFIED: 'OVERFLOW_POLICY_UNSPECIFIED',
  /**
   * Drop the oldest events that wait, and count them in `dropped`.
   */
  OVERFLOW_POLICY_DROP_OLDEST: 'OVERFLOW_POLICY_DROP_OLDEST',
  /**
   * Hold this subscription alone; when its bounded buffer is full it becomes DISCONNECT.
   */
  OVERFLOW_POLICY_BLOCK: 'OVERFLOW_POLICY_BLOCK',
  /**
   * End the stream with RESOURCE_EXHAUSTED.
   */
  OVERFLOW_POLICY_DISCONNECT: 'OVERFLOW_POLICY_DISCONNECT',
} as const;

/**
 * What to do with live events that a subscriber does not read fast enough.
 */
export type OverflowPolicy =
  /**
   * Means DROP_OLDEST.
   */
  | 'OVERFLOW_POLICY_UNSPECIFIED'
  | 0
  /**
   * Drop the oldest events that wait, and count them in `dropped`.
   */
  | 'OVERFLOW_POLICY_DROP_OLDEST'
  | 1
  /**
   * Hold this subscription alone; when its bounded buffer is full it becomes DISCONNECT.
   */
  | 'OVERFLOW_POLICY_BLOCK'
  | 2
  /**
   * End the stream with RESOURCE_EXHAUSTED.
   */
  | 'OVERFLOW_POLICY_DISCONNECT'
  | 3

/**
 * What to do with live events that a subscriber does not read fast enough.
 */
export type OverflowPolicyOutput = typeof OverflowPolicy[keyof typeof OverflowPolicy]
