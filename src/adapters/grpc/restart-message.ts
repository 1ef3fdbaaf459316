import type { RestartPolicyName } from '../../domain/configuration.ts';
import { invalidArgument } from '../../domain/shoal-error.ts';
import type { RestartOverride } from '../../domain/simulation/simulation.ts';
import type {
  RestartOverride as RestartMessage,
  RestartOverrideOutput,
} from './generated/fes/orchestration/v1/RestartOverride.ts';

const POLICIES = {
  RESTART_POLICY_NEVER: 'never',
  RESTART_POLICY_ON_FAILURE: 'on-failure',
  RESTART_POLICY_ALWAYS: 'always',
} as const satisfies Record<string, RestartPolicyName>;

/** As in `restart.max_restarts` of the configuration. */
const MAX_RESTARTS = 100;

/** @throws ShoalError INVALID_ARGUMENT */
export function parseRestart({ policy, maxRestarts }: RestartOverrideOutput): RestartOverride {
  if (maxRestarts !== undefined && maxRestarts > MAX_RESTARTS)
    throw invalidArgument('restart.max_restarts', `is ${maxRestarts}; at most ${MAX_RESTARTS} are possible`);
  const name = parsePolicy(policy);
  return {
    ...(name === undefined ? {} : { policy: name }),
    ...(maxRestarts === undefined ? {} : { maxRestarts }),
  };
}

export function restartMessage({ policy, maxRestarts }: RestartOverride): RestartMessage {
  const [name] = Object.entries(POLICIES).find(([, known]) => known === policy) ?? [];
  return { policy: name as keyof typeof POLICIES | undefined, maxRestarts };
}

function parsePolicy(policy: string): RestartPolicyName | undefined {
  if (policy === 'RESTART_POLICY_UNSPECIFIED') return undefined;
  const [, name] = Object.entries(POLICIES).find(([known]) => known === policy) ?? [];
  if (name === undefined)
    throw invalidArgument('restart.policy', `${String(policy)} is not a policy that this version knows`);
  return name;
}
