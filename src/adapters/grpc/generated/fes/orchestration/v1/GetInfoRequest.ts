// Original file: proto/fes/orchestration/v1/admin_service.proto


/**
 * Nothing to say.
 */
export interface GetInfoRequest {
}

/**
 * Nothing to say.
 */
export interface GetInfoRequestOutput {
}
