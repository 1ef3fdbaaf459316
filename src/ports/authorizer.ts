import type { CallContext } from '../domain/call-context.ts';

/** Decides who may do what; every use case, list and stream asks it. */
export interface Authorizer {
  /** @throws ShoalError COMMAND_FORBIDDEN */
  demand(context: CallContext, action: ClientAction, resource?: Resource): void;
}

export type ClientAction = 'start' | 'control' | 'read' | 'administer';

export interface Resource {
  readonly simulationId: string;
  readonly labels: Readonly<Record<string, string>>;
}
