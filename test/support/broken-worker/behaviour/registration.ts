import type { RegisterWorkerRequest } from '../../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponseOutput } from '../../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';

export type CallName = 'RegisterWorker' | 'Heartbeat' | 'ReportEventBatches' | 'ReceiveCommands';
export type Register = () => Promise<RegisterWorkerResponseOutput>;

export interface RegistrationBehaviour {
  /** The value of `authorization` in a call. */
  authorization(token: string, call: CallName): string | undefined;
  /** The exit code when the configuration cannot be used; undefined: goes on with the defaults. */
  readonly exitWithBadConfiguration: number | undefined;
  /** How long it does nothing before it registers. */
  readonly idleBeforeRegisteringMs: number;
  /** Waits until commands can be heard before it registers. */
  readonly hearsFirst: boolean;
  registration(request: RegisterWorkerRequest, isFirst: boolean): RegisterWorkerRequest;
  /** Calls RegisterWorker. @param call as often as it likes */
  register(call: Register, isFirst: boolean): ReturnType<Register>;
  /** Makes one tick by itself when it has been left paused for so long; undefined: never. */
  wakesAfterMs(paused: 'from the start' | 'by command'): number | undefined;
}

export const rightRegistration: RegistrationBehaviour = {
  authorization: (token) => `Bearer ${token}`,
  exitWithBadConfiguration: 78,
  idleBeforeRegisteringMs: 0,
  hearsFirst: true,
  registration: (request) => request,
  register: (call) => call(),
  wakesAfterMs: () => undefined,
};
