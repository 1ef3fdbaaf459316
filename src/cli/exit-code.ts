/** What the command ends with: contract section 8. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 69,
  invalidConfig: 78,
  timedOut: 124,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
