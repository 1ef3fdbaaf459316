import type { Command } from '../domain/command/command.ts';
import type { CommandOutcome } from '../domain/command/command-outcome.ts';
import type { SimulationView } from '../domain/simulation/simulation-view.ts';

/** What every envelope that Shoal itself writes begins with. */
export interface EnvelopeHeader {
  readonly eventId: string;
  readonly timestampNs: bigint;
  /** The orchestrator's id. */
  readonly sourceId: string;
  readonly simulationId: string;
}

/** Turns domain values into the bytes of contract sections 1, 4 and 5, and acknowledgements back into values. */
export interface MessageCodec {
  command(header: EnvelopeHeader, command: Command): Uint8Array;
  simulationState(header: EnvelopeHeader, view: SimulationView): Uint8Array;
  /** JSON of `crash` and the header's time. */
  workerCrash(header: EnvelopeHeader, crash: Readonly<Record<string, unknown>>): Uint8Array;
  /** JSON of `manifest` and the header's time. */
  simulationManifest(header: EnvelopeHeader, manifest: Readonly<Record<string, unknown>>): Uint8Array;
  /** @throws ShoalError INVALID_ARGUMENT when the payload is not a CommandAck */
  commandAck(payload: Uint8Array): CommandOutcome;
  /** An agent's own envelope, as it came over the bus. @throws ShoalError INVALID_ARGUMENT */
  agentAction(envelope: Uint8Array): {
    readonly eventId: string;
    readonly action: Uint8Array;
    readonly contentType: string;
  };
}
