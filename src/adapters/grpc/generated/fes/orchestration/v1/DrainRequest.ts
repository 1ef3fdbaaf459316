// Original file: proto/fes/orchestration/v1/admin_service.proto


/**
 * Nothing to say.
 */
export interface DrainRequest {
}

/**
 * Nothing to say.
 */
export interface DrainRequestOutput {
}
