import type { Dice } from '../../support/fakes/dice.ts';
import type { Adapter, Fault } from './fault.ts';

type Draw = (dice: Dice) => Fault;

const killDaemon: Draw = (dice) =>
  dice.chance(0.2) ? { kind: 'kill-daemon', againAfterMs: 100 + dice.upTo(900) } : { kind: 'kill-daemon' };
const killWorker: Draw = (dice) => ({ kind: 'kill-worker', pick: dice.next() });
const stopWorker: Draw = (dice) => {
  const pick = dice.next();
  return dice.chance(0.5) ? { kind: 'stop-worker', pick, forMs: 100 + dice.upTo(600) } : { kind: 'stop-worker', pick };
};

/** As often as they stand here. */
const EVERYWHERE: readonly Draw[] = [
  killDaemon,
  killDaemon,
  killDaemon,
  killWorker,
  killWorker,
  killWorker,
  stopWorker,
  stopWorker,
  (dice) => ({ kind: 'pause-daemon', forMs: 100 + dice.upTo(600) }),
  () => ({ kind: 'cut-workers' }),
  () => ({ kind: 'cut-workers' }),
  (dice) => ({ kind: 'hold-workers', forMs: 100 + dice.upTo(600) }),
  (dice) => ({ kind: 'slow-workers', latencyMs: 20 + dice.upTo(200), forMs: 300 + dice.upTo(600) }),
];

const OVER_NATS: readonly Draw[] = [
  ...EVERYWHERE,
  killDaemon,
  killDaemon,
  (dice) => ({ kind: 'kill-nats', forMs: 50 + dice.upTo(700) }),
  (dice) => ({ kind: 'kill-nats', forMs: 50 + dice.upTo(700) }),
  () => ({ kind: 'restart-nats' }),
  (dice) => ({ kind: 'pause-nats', forMs: 100 + dice.upTo(600) }),
  () => ({ kind: 'cut-nats' }),
  () => ({ kind: 'cut-nats' }),
  (dice) => ({ kind: 'hold-nats', forMs: 100 + dice.upTo(600) }),
];

export function drawFault(dice: Dice, adapter: Adapter): Fault {
  return dice.pick(adapter === 'nats' ? OVER_NATS : EVERYWHERE)(dice);
}
