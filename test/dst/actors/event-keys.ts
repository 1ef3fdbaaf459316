/** Events of workers that are logged. */
export const LOGGED_KEY = 'sim.world_state.v1';
/** Events of workers that are not. */
export const LIVE_KEY = 'sim.bubble.v1';
export const ACK_KEY = 'worker.command_ack.v1';
/** For Shoal alone: from a worker it is refused. */
export const FORBIDDEN_KEY = 'orchestrator.lie.v1';
