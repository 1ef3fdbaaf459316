import type { ControlSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import type { InProcessDaemon } from '../../support/daemon/in-process-daemon.ts';
import { startRegistered } from '../../support/daemon/puppet.ts';

/** A registered worker that hears commands, and the way to a refused one. */
export async function listeningPuppet(daemon: InProcessDaemon, request: object = {}) {
  const puppet = await startRegistered(daemon, request);
  const commands = puppet.receiveCommands();
  await commands.live;
  const id = puppet.ids.simulationId;
  const refusal = (command: ControlSimulationRequest) => failureOf(daemon.client.control(id, command));
  return { puppet, commands, id, refusal };
}
