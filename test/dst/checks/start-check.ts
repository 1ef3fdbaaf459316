import { demand } from '../harness/violation.ts';

/** A request to start that is sent again is answered with the same simulation, whoever answers it. */
export class StartCheck {
  readonly #answers = new Map<string, string>();

  answered(requestId: string, simulationId: string): void {
    if (requestId === '') return;
    const before = this.#answers.get(requestId) ?? simulationId;
    this.#answers.set(requestId, simulationId);
    demand(before === simulationId, () => `request ${requestId} was answered ${before}, and then ${simulationId}`);
  }
}
