// Original file: proto/fes/orchestration/v1/client_service.proto


/**
 * Nothing to say.
 */
export interface ListWorkerTypesRequest {
}

/**
 * Nothing to say.
 */
export interface ListWorkerTypesRequestOutput {
}
