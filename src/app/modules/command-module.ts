import { ContainerModule } from 'inversify';
import { AgentActionRelay } from '../../domain/command/agent-action-relay.ts';
import { CommandSender } from '../../domain/command/command-sender.ts';
import { ControlSimulation } from '../../domain/command/control-simulation.ts';
import { ControlSimulations } from '../../domain/command/control-simulations.ts';
import { JournalledCommands } from '../../domain/command/journalled-commands.ts';
import { PendingCommands } from '../../domain/command/pending-commands.ts';
import { SimulationCommands } from '../../domain/command/simulation-commands.ts';
import { provide, provideFrom } from '../token.ts';
import * as t from '../tokens.ts';
import { withIdentity } from './with-identity.ts';

/** Commands, from a client to its worker and back. */
export const commandModule = new ContainerModule(({ bind }) => {
  provide(bind, t.PENDING, [t.CODEC], (codec) => new PendingCommands(codec));

  provideFrom(
    bind,
    t.SENDER,
    { channel: t.COMMAND_CHANNEL, codec: t.CODEC, ids: t.IDS, clock: t.CLOCK, state: t.DAEMON_STATE },
    ({ state, ...parts }) => new CommandSender(withIdentity(state, parts)),
  );

  provideFrom(
    bind,
    t.COMMANDS,
    {
      registry: t.REGISTRY,
      directory: t.DIRECTORY,
      supervisor: t.SUPERVISOR,
      sender: t.SENDER,
      pending: t.PENDING,
      clock: t.CLOCK,
      limits: t.LIMITS,
    },
    ({ limits, ...parts }) => new SimulationCommands({ ...parts, commandTimeoutMs: () => limits().commandTimeoutMs }),
  );

  provideFrom(
    bind,
    t.JOURNALLED_COMMANDS,
    { journal: t.COMMAND_JOURNAL, commands: t.COMMANDS, clock: t.CLOCK },
    (parts) => new JournalledCommands(parts),
  );

  provideFrom(
    bind,
    t.CONTROL_PARTS,
    {
      registry: t.REGISTRY,
      commands: t.COMMANDS,
      requests: t.REQUESTS,
      journalled: t.JOURNALLED_COMMANDS,
      authorizer: t.AUTHORIZER,
      clock: t.CLOCK,
    },
    (parts) => parts,
  );
  provide(bind, t.CONTROL, [t.CONTROL_PARTS], (parts) => new ControlSimulation(parts));
  provide(bind, t.CONTROL_MANY, [t.CONTROL_PARTS], (parts) => new ControlSimulations(parts));

  provideFrom(
    bind,
    t.RELAY,
    { bus: t.EVENT_BUS, codec: t.CODEC, registry: t.REGISTRY, directory: t.DIRECTORY, sender: t.SENDER },
    (parts) => new AgentActionRelay(parts),
  );
});
