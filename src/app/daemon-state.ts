import { ShoalError } from '../domain/shoal-error.ts';

/** What the daemon as a whole is doing, and who it is. */
export class DaemonState {
  readonly version: string;
  readonly orchestratorId: string;
  readonly startedAtMs: number;
  phase: 'starting' | 'ready' | 'stopping' = 'starting';

  constructor(facts: Pick<DaemonState, 'version' | 'orchestratorId' | 'startedAtMs'>) {
    this.version = facts.version;
    this.orchestratorId = facts.orchestratorId;
    this.startedAtMs = facts.startedAtMs;
  }

  /** @throws ShoalError SHUTTING_DOWN */
  demandNotStopping(): void {
    if (this.phase === 'stopping')
      throw new ShoalError('SHUTTING_DOWN', 'this daemon is stopping; start the simulation on another one, or later');
  }
}
