import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { agentActionTests } from './agent-action-tests.ts';
import { announcementTests } from './announcement-tests.ts';
import { logTests } from './log-tests.ts';
import { twentyRuns } from './twenty-runs.ts';
import { NatsWitness } from './witness.ts';
import { fakeType, fishType, plainType } from './worker-types.ts';

let server: RunningNatsServer;
let witness: NatsWitness;

// The fish hear their commands over NATS, the fake workers by ReceiveCommands.
twentyRuns('nats', {
  daemon: async () => {
    server = await startNatsServer();
    return {
      natsUrl: server.url,
      workerTypes: [
        fishType({ command_transport: 'nats' }),
        fakeType({ command_transport: 'grpc' }),
        fakeType({ name: 'rigid', commands: ['pause', 'resume'], command_transport: 'nats' }),
        plainType(),
      ],
    };
  },
  witness: async () => {
    witness = await NatsWitness.watch(server.url);
    return witness;
  },
  tearDown: async () => server[Symbol.asyncDispose](),
  more: (stage) => {
    logTests(stage, () => witness);
    announcementTests(stage, () => witness);
    agentActionTests(stage, () => witness);
  },
});
