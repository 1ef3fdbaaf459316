import { ShoalError } from '../domain/shoal-error.ts';

/** What the daemon as a whole is doing, and who it is. */
export class DaemonState {
  readonly version: string;
  /** Empty until the data folder is held: it is kept there. */
  orchestratorId = '';
  readonly startedAtMs: number;
  phase: 'starting' | 'ready' | 'stopping' = 'starting';
  /** New simulations are refused, and the present ones go on; see `Drain`. */
  draining = false;

  constructor(facts: Pick<DaemonState, 'version' | 'startedAtMs'>) {
    this.version = facts.version;
    this.startedAtMs = facts.startedAtMs;
  }

  /** @throws ShoalError SHUTTING_DOWN */
  demandNotStopping(): void {
    if (this.phase === 'stopping')
      throw new ShoalError('SHUTTING_DOWN', 'this daemon is stopping; start the simulation on another one, or later');
  }

  /** @throws ShoalError SHUTTING_DOWN */
  demandTaking(): void {
    this.demandNotStopping();
    if (!this.draining) return;
    throw new ShoalError(
      'SHUTTING_DOWN',
      'this daemon is draining and takes no new simulations; start it on another one, or let this one take them again: `shoal undrain`',
    );
  }
}
