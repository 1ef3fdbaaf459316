// Original file: proto/fes/orchestration/v1/client_service.proto


/**
 * The answer of RemoveSimulation: the record and the logged events are gone.
 */
export interface RemoveSimulationResponse {
}

/**
 * The answer of RemoveSimulation: the record and the logged events are gone.
 */
export interface RemoveSimulationResponseOutput {
}
