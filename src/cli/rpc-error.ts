import { type ServiceError, status } from '@grpc/grpc-js';
import { errorReason } from '../adapters/grpc/error-info.ts';
import { printable } from '../adapters/yaml/config-path.ts';
import { CliError } from './cli-error.ts';
import { COMMAND } from './cli-host.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** By the daemon's reason, where it is not simply "failed". */
const EXIT_OF_REASON: Readonly<Record<string, ExitCode>> = {
  INVALID_ARGUMENT: EXIT.usage,
  CONFIG_INVALID: EXIT.invalidConfig,
  TIMED_OUT: EXIT.timedOut,
};

/** A failed call in one line; `reached` tells whether there ever was a connection. */
export function rpcError(error: ServiceError, { address, reached }: { address: string; reached: boolean }): CliError {
  const reason = errorReason(error);
  const details = printable(error.details);
  if (reason !== undefined) {
    return new CliError(EXIT_OF_REASON[reason] ?? EXIT.failed, `${details} (${reason})`, { reason, cause: error });
  }
  if (error.code === status.DEADLINE_EXCEEDED && reached) {
    return new CliError(EXIT.timedOut, `the daemon at ${address} did not answer in time`, { cause: error });
  }
  if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED) {
    const why = plainly(details);
    if (reached) return new CliError(EXIT.unreachable, `lost the daemon at ${address}: ${why}`, { cause: error });
    return unreachable(address, why, error);
  }
  if (error.code === status.CANCELLED) {
    return new CliError(EXIT.unreachable, `the daemon at ${address} ended the call; it may be stopping`, {
      cause: error,
    });
  }
  // No reason of Shoal's: whatever listens there, it is something else, or another version.
  return new CliError(EXIT.failed, `${address} answered: ${details} (${status[error.code] ?? error.code})`, {
    hint: `Is it a Shoal daemon's client address (grpc.client.listen)?`,
    cause: error,
  });
}

/** Something listens there and does not say a word. */
export function silent(address: string, waitedMs: number): CliError {
  return unreachable(address, `connected, but heard nothing for ${waitedMs / 1000} s`);
}

function unreachable(address: string, why: string, cause?: unknown): CliError {
  return new CliError(EXIT.unreachable, `no daemon answers at ${address}: ${why}`, {
    hint: `Start one with \`${COMMAND} serve\`, or name another by --address or SHOAL_ADDRESS.`,
    cause,
  });
}

/** grpc-js tells of its own workings first. */
function plainly(details: string): string {
  const [, last] = /Last error: (?:Error: )?(.+?)(?:\. Resolution note:.*)?$/.exec(details) ?? [];
  return (last ?? details).replace(/ \(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/, '');
}
