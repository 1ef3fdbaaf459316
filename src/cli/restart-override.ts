import type {
  RestartOverride,
  RestartOverrideOutput,
} from '../adapters/grpc/generated/fes/orchestration/v1/RestartOverride.ts';

/** Restart policies as in the configuration, and as in proto. */
const POLICIES = {
  never: 'RESTART_POLICY_NEVER',
  'on-failure': 'RESTART_POLICY_ON_FAILURE',
  always: 'RESTART_POLICY_ALWAYS',
} as const;

export type RestartPolicyFlag = keyof typeof POLICIES;

export const RESTART_POLICIES = Object.keys(POLICIES) as RestartPolicyFlag[];

/** What the flags say of restarts; absent where they say nothing. */
export function restartOverride(
  policy: RestartPolicyFlag | undefined,
  maxRestarts: number | undefined,
): RestartOverride | undefined {
  if (policy === undefined && maxRestarts === undefined) return undefined;
  return { policy: policy && POLICIES[policy], maxRestarts };
}

/** What the run itself says of restarts, such as `on-failure, at most 3`; empty where all is as its worker type has it. */
export function restartText(restart: RestartOverrideOutput | null): string {
  if (restart === null) return '';
  const policy = RESTART_POLICIES.find((name) => POLICIES[name] === restart.policy);
  const limit = restart.maxRestarts === undefined ? undefined : `at most ${restart.maxRestarts}`;
  return [policy, limit].filter((part) => part !== undefined).join(', ');
}
