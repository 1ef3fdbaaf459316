import type { SupervisionEvent } from '../domain/supervision/supervision-event.ts';
import type { Log } from '../ports/log.ts';

/** One line for everything that happens to a worker. */
export function logSupervision(log: Log, event: SupervisionEvent): void {
  if (event.kind === 'launch-failed') {
    log.warn(
      {
        simulationId: event.simulationId,
        code: event.error.code,
        reason: event.error.message,
        willRestart: event.willRestart,
        err: event.error.cause,
      },
      'worker not launched',
    );
    return;
  }
  if (event.kind === 'breaker-moved') {
    const { workerType, state, trouble } = event;
    if (trouble === undefined) log.info({ workerType, state }, 'worker type is started again');
    else log.warn({ workerType, state, reason: trouble }, 'worker type is not started for now');
    return;
  }
  const { worker } = event;
  const ids = {
    simulationId: worker.assignment?.simulationId,
    workerId: worker.id,
    workerType: worker.type.config.name,
  };
  if (event.kind === 'launched') log.info(ids, 'worker launched');
  else if (event.kind === 'registered') log.info(ids, 'worker registered');
  else if (event.kind === 'stalled') log.warn({ ...ids, reason: event.message }, 'tick stands still');
  else if (event.kind === 'unrecorded')
    log.error(
      { ...ids, code: event.error.code, reason: event.error.message },
      'worker ended, and its record cannot say so',
    );
  else if (event.kind === 'tick-moves') log.info(ids, 'tick moves again');
  else if (event.simulation?.state === 'FAILED')
    log.warn({ ...ids, reason: event.simulation.reason, detail: event.description }, 'worker failed');
  else if (event.simulation?.state === 'RESTARTING')
    log.warn(
      { ...ids, reason: event.simulation.reason, detail: event.simulation.message },
      'worker ended, to be restarted',
    );
  else log.info({ ...ids, detail: event.description }, 'worker ended');
}
