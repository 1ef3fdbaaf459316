import { appendFileSync } from 'node:fs';
import type { GrpcCall } from './grpc-call.ts';
import { readReportEventBatchesResponse, reportEventBatchesRequest } from './messages.ts';

/** Sends batches over one ReportEventBatches call, within the window that the registration gives. */
export class Reporter {
  readonly #call: GrpcCall;
  readonly #maxInFlight: number;
  readonly #recordFile: string;
  readonly #over: Promise<void>;
  #sent = 0;
  #acknowledged = 0;
  #wake = Promise.withResolvers<void>();

  /** @param recordFile gets a line for each event: its bytes in base64 */
  constructor(call: GrpcCall, maxInFlight: number, recordFile: string) {
    this.#call = call;
    this.#maxInFlight = maxInFlight;
    this.#recordFile = recordFile;
    this.#over = this.#readAcknowledgements();
    this.#over.catch((error) => this.#wake.reject(error));
    this.#wake.promise.catch(() => {});
  }

  /** Sends a batch; waits while there are as many on their way as there may be. */
  async report(events: readonly Uint8Array[]): Promise<void> {
    const lines = events.map((event) => `${Buffer.from(event).toString('base64')}\n`);
    appendFileSync(this.#recordFile, lines.join(''));
    await this.send(events);
  }

  /** As `report`, unrecorded: what nobody but Shoal gets to see. */
  async send(events: readonly Uint8Array[]): Promise<void> {
    this.#sent += 1;
    const request = reportEventBatchesRequest(this.#sent, events);
    while (this.#sent - this.#acknowledged > this.#maxInFlight) await this.#wake.promise;
    await this.#call.send(request);
  }

  /** @throws Error unless every batch was acknowledged and the call ended with OK */
  async finish(): Promise<void> {
    this.#call.halfClose();
    await this.#over;
    if (this.#acknowledged !== this.#sent) throw new Error(`${this.#acknowledged} of ${this.#sent} acknowledged`);
  }

  async #readAcknowledgements(): Promise<void> {
    for await (const message of this.#call.messages()) {
      this.#acknowledged = readReportEventBatchesResponse(message);
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
      this.#wake.promise.catch(() => {});
    }
  }
}
