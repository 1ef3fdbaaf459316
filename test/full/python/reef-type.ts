/** The reef of examples/python as a worker type, all of its events logged. */
export function reefType(
  python: string,
  transport: 'grpc' | 'nats',
  { name = 'reef', restoreFile }: { readonly name?: string; readonly restoreFile?: string } = {},
) {
  // A launch with SHOAL_RESTORE_FILE is not built in the daemon; `env` sets it as the daemon would.
  const restoring = restoreFile === undefined ? [] : [`SHOAL_RESTORE_FILE=${restoreFile}`];
  const keys = ['sim.world_state.v1', 'sim.agent_observation.v1', 'sim.agent_reward.v1'];
  const options = {
    executable: 'env',
    args: [...restoring, python, '-m', 'shoal_sim.reef'],
    env: { PYTHONUNBUFFERED: '1' },
    commands: ['pause', 'resume', 'step', 'reset', 'stop', 'set_speed', 'snapshot', 'agent_action', 'inject_agent'],
    events: keys.map((key) => ({ key, log: true })),
  };
  return { name, plugin: 'executable', options, limits: { register_timeout: '60s' }, command_transport: transport };
}
