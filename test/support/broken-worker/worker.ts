import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from './behaviour/behaviour.ts';
import { Calls } from './calls.ts';
import { CommandInbox } from './command-inbox.ts';
import { listenOverGrpc, listenOverNats } from './command-sources.ts';
import type { Configuration } from './configuration.ts';
import { Connection } from './connection.ts';
import { Envelopes } from './envelopes.ts';
import type { Environment } from './environment.ts';
import { Heartbeats } from './heartbeats.ts';
import { Obedience, SUPPORTED } from './obedience.ts';
import { Outbox } from './outbox.ts';
import { Simulation } from './simulation.ts';

const NEVER = new Promise<never>(() => {});

/** Runs until it is stopped or lost. @returns the exit code */
export async function runWorker(
  environment: Environment,
  configuration: Configuration,
  behaviour: Behaviour,
): Promise<number> {
  const outbox = new Outbox(behaviour);
  const envelopes = new Envelopes(environment.simulationId, behaviour);
  const simulation = new Simulation({ environment, behaviour, envelopes, outbox }, configuration);
  const obedience = new Obedience(simulation, behaviour);
  const stopped = Promise.withResolvers<boolean>();
  const inbox = new CommandInbox({
    simulation,
    obedience,
    behaviour,
    report: (commandId, answer) => outbox.add(envelopes.ofAnswer(commandId, answer)),
    onStop: stopped.resolve,
  });

  const { workerId, simulationId, nats } = environment;
  const calls = new Calls(environment, behaviour);
  const heartbeats = new Heartbeats(calls, behaviour, () => ({
    request: { workerId, simulationId, tick: simulation.tick, state: `SIMULATION_STATE_${simulation.ticking.state}` },
    commands: inbox.commands,
  }));
  const withoutNats = (isThere: boolean): void => {
    if (behaviour.withoutServer === 'exit') throw new Error('the NATS server is gone');
    simulation.losesEvents = !isThere && behaviour.withoutServer === 'lose events';
  };
  const connection = new Connection({
    environment,
    behaviour,
    calls,
    listen: nats === undefined ? listenOverGrpc(calls) : listenOverNats(nats, behaviour, withoutNats),
    outbox,
    heartbeats,
    supportedCommands: SUPPORTED,
    onCommand: (command) => inbox.hear(command),
    onRegistered: ({ desiredState }, isFirst) => {
      if (isFirst) obedience.begin(desiredState === 'SIMULATION_STATE_PAUSED' ? 'PAUSED' : 'RUNNING');
    },
    onRejected: (eventIds, dealtWith) => {
      if (eventIds.size > 0 && behaviour.rejected === 'exit') throw new Error('an event was rejected');
      if (behaviour.rejected === 'send again')
        for (const event of dealtWith) if (eventIds.has(event.eventId)) outbox.add(event);
    },
  });

  await delay(behaviour.idleBeforeRegisteringMs);
  const connected = connection.run();
  const lost = connected.then((exitCode) => exitCode ?? NEVER);
  const end = async (): Promise<number> => {
    const exitCode = behaviour.exitCodeOfStop(await stopped.promise);
    if (exitCode === undefined) return NEVER;
    connection.end();
    await Promise.race([behaviour.halfCloses ? connected : outbox.allAcknowledged(), delay(behaviour.lastWaitMs)]);
    return exitCode;
  };
  return Promise.race([lost, simulation.ticking.run(), end()]);
}
