// Original file: proto/fes/orchestration/v1/admin_service.proto


/**
 * What reading the configuration again brought.
 */
export interface ReloadConfigResponse {
  /**
   * The configuration paths that changed and are applied, such as `limits.max_event_bytes`.
   */
  'changed'?: (string)[] | undefined;
  /**
   * The configuration paths that changed and need a restart of Shoal.
   */
  'restartRequired'?: (string)[] | undefined;
}

/**
 * What reading the configuration again brought.
 */
export interface ReloadConfigResponseOutput {
  /**
   * The configuration paths that changed and are applied, such as `limits.max_event_bytes`.
   */
  'changed': (string)[];
  /**
   * The configuration paths that changed and need a restart of Shoal.
   */
  'restartRequired': (string)[];
}
