import type { SupervisionEvent } from '../domain/supervision/supervision-event.ts';
import type { Log } from '../ports/log.ts';

/** One line for everything that happens to a worker. */
export function logSupervision(log: Log, event: SupervisionEvent): void {
  if (event.kind === 'launch-failed') {
    log.warn(
      { simulationId: event.simulationId, code: event.error.code, reason: event.error.message, err: event.error.cause },
      'worker not launched',
    );
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
  else if (event.simulation?.state === 'FAILED')
    log.warn({ ...ids, reason: event.simulation.reason, detail: event.description }, 'worker failed');
  else log.info({ ...ids, detail: event.description }, 'worker ended');
}
