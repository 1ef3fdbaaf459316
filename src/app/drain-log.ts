import type { DrainEvent } from '../domain/supervision/drain.ts';
import type { Log } from '../ports/log.ts';

/** One line for every turn of a drain. */
export function logDrain(log: Log, event: DrainEvent): void {
  const { kind, ...fields } = event;
  if (kind === 'began') log.info(fields, 'draining: no new simulations are taken');
  else if (kind === 'emptied') log.info(fields, 'drained: no simulation is left');
  else if (kind === 'deadline') log.warn(fields, 'drain deadline is over: stopping what is left');
  else log.info(fields, 'drain ended: new simulations are taken again');
}
