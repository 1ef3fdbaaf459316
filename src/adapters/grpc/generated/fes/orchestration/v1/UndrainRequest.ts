// Original file: proto/fes/orchestration/v1/admin_service.proto


/**
 * Nothing to say.
 */
export interface UndrainRequest {
}

/**
 * Nothing to say.
 */
export interface UndrainRequestOutput {
}
