// Original file: proto/fes/orchestration/v1/command.proto


/**
 * Hold between two ticks. Key `orchestrator.control.pause`; allowed in RUNNING.
 */
export interface PauseCommand {
}

/**
 * Hold between two ticks. Key `orchestrator.control.pause`; allowed in RUNNING.
 */
export interface PauseCommandOutput {
}
