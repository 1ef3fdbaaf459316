// Original file: proto/fes/orchestration/v1/command.proto


/**
 * Advance again. Key `orchestrator.control.resume`; allowed in PAUSED.
 */
export interface ResumeCommand {
}

/**
 * Advance again. Key `orchestrator.control.resume`; allowed in PAUSED.
 */
export interface ResumeCommandOutput {
}
