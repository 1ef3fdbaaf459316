// Original file: proto/fes/orchestration/v1/client_service.proto


/**
 * One worker type.
 */
export interface WorkerTypeInfo {
  /**
   * What to call it in StartSimulationRequest.
   */
  'name'?: (string) | undefined;
  /**
   * The plugin that launches it.
   */
  'plugin'?: (string) | undefined;
  /**
   * What it is, in a sentence for people; may be empty.
   */
  'description'?: (string) | undefined;
  /**
   * The event keys that it says it reports; `*` stands for one token.
   */
  'eventTypeKeys'?: (string)[] | undefined;
  /**
   * The commands that it understands, by their field names in ControlSimulationRequest.
   */
  'commands'?: (string)[] | undefined;
  /**
   * Whether it can be started now.
   */
  'available'?: (boolean) | undefined;
  /**
   * Why it cannot be started, in a sentence for people; empty where it can.
   */
  'reason'?: (string) | undefined;
  /**
   * The JSON Schema of the configuration that its runs take; empty: any.
   */
  'configSchema'?: (string) | undefined;
}

/**
 * One worker type.
 */
export interface WorkerTypeInfoOutput {
  /**
   * What to call it in StartSimulationRequest.
   */
  'name': (string);
  /**
   * The plugin that launches it.
   */
  'plugin': (string);
  /**
   * What it is, in a sentence for people; may be empty.
   */
  'description': (string);
  /**
   * The event keys that it says it reports; `*` stands for one token.
   */
  'eventTypeKeys': (string)[];
  /**
   * The commands that it understands, by their field names in ControlSimulationRequest.
   */
  'commands': (string)[];
  /**
   * Whether it can be started now.
   */
  'available': (boolean);
  /**
   * Why it cannot be started, in a sentence for people; empty where it can.
   */
  'reason': (string);
  /**
   * The JSON Schema of the configuration that its runs take; empty: any.
   */
  'configSchema': (string);
}
