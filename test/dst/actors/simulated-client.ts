import type { CallContext } from '../../../src/domain/call-context.ts';
import { ShoalError } from '../../../src/domain/shoal-error.ts';
import type { Scheduler } from '../harness/scheduler.ts';
import { Violation } from '../harness/violation.ts';
import type { Network } from './network.ts';
import type { SimulatedDaemon } from './simulated-daemon.ts';

const LATENCY_MS = 5;
/** Longer than every deadline that the daemon itself keeps. */
const NO_OUTCOME_MS = 90_000;

/** The call has not reached a daemon, or its answer has not come back: nobody knows. */
class Cut extends Error {
  override readonly name = 'Cut';
}

type Work<T> = (daemon: SimulatedDaemon, context: CallContext) => Promise<T>;

/** Calls the daemon as somebody on the network does: it may be away, it may die, and the connection may break. */
export class SimulatedClient {
  readonly #scheduler: Scheduler;
  readonly #network: Network;
  readonly #name: string;

  constructor(scheduler: Scheduler, network: Network, name: string) {
    this.#scheduler = scheduler;
    this.#network = network;
    this.#name = name;
  }

  sleep(ms: number): Promise<void> {
    return this.#scheduler.sleep(ms);
  }

  /** @throws ShoalError as the daemon answers; Cut; Violation when it does not answer */
  async call<T>(what: string, work: Work<T>): Promise<T> {
    return this.#call(what, async (daemon, context) => {
      const overdue = daemon.life.later(NO_OUTCOME_MS, () => {
        throw new Violation(`${what} has no outcome after ${NO_OUTCOME_MS} ms`);
      });
      return work(daemon, context).finally(overdue);
    });
  }

  /** The same for a call that lasts. */
  stream<T>(what: string, work: Work<T>): Promise<T> {
    return this.#call(what, work);
  }

  async #call<T>(what: string, work: Work<T>): Promise<T> {
    const scheduler = this.#scheduler;
    const { dice, trace } = scheduler;
    const latencyMs = () => dice.upTo(LATENCY_MS);
    await scheduler.sleep(latencyMs());
    const { daemon } = this.#network;
    if (daemon === undefined) throw new Cut(`${what}: no daemon listens`);
    trace.note(this.#name, what);
    const gone = new AbortController();
    const outcome = Promise.withResolvers<T>();
    const leave = (): void => {
      gone.abort(new ShoalError('CANCELLED', 'the caller has gone'));
      outcome.reject(new Cut(`${what}: the connection is cut`));
    };
    daemon.life.onDeath(() => scheduler.later(latencyMs(), leave));
    if (dice.chance(this.#network.cutCalls)) scheduler.later(dice.upTo(500), leave);
    const context = { principal: { name: 'client' }, signal: gone.signal };
    work(daemon, context).then(
      (answer) => daemon.life.later(latencyMs(), () => outcome.resolve(answer)),
      (thrown) => daemon.life.later(latencyMs(), () => outcome.reject(thrown)),
    );
    return outcome.promise;
  }
}

/** What a client tells apart: the answer's code, or that there was none. Whatever else was thrown is a fault. */
export function codeOf(thrown: unknown): string {
  if (thrown instanceof Cut) return 'CUT';
  if (thrown instanceof ShoalError && thrown.code !== 'INVARIANT_BROKEN') return thrown.code;
  throw thrown;
}

/** A client that sends the same again may hope for a better answer. */
export function mayTryAgain(code: string): boolean {
  return code === 'CUT' || code === 'BUS_UNAVAILABLE' || code === 'SHUTTING_DOWN' || code === 'WORKER_UNREACHABLE';
}
