import type { CallContext } from '../domain/call-context.ts';

/** Decides who may do what; every use case, list and stream asks it. */
export interface Authorizer {
  /** @throws ShoalError COMMAND_FORBIDDEN */
  demand(context: CallContext, action: ClientAction, resource?: Resource): void;
  /** The same without an error, for lists and streams, which leave out what their caller may not see. */
  permits(context: CallContext, action: ClientAction, resource: Resource): boolean;
}

export type ClientAction = 'start' | 'control' | 'read' | 'administer';

export interface Resource {
  readonly simulationId: string;
  readonly labels: Readonly<Record<string, string>>;
}
