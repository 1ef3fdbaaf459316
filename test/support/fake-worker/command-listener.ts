import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import type { Service } from './service.ts';

const { GenericEventRequest: Envelope } = loadProtos().tree.fes.common.events;

export type OnCommand = (command: GenericEventRequestOutput) => Promise<void>;

/** Resolves once commands arrive, by whichever transport the daemon said. */
export async function listen(service: Service, env: NodeJS.ProcessEnv, onCommand: OnCommand): Promise<void> {
  if (env['SHOAL_COMMAND_TRANSPORT'] === 'nats') await listenToNats(env, onCommand);
  else await listenToGrpc(service, onCommand);
}

function listenToGrpc(service: Service, onCommand: OnCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    const commands = service.receiveCommands();
    commands.on('metadata', () => resolve());
    commands.on('data', onCommand);
    commands.on('error', reject);
  });
}

async function listenToNats(env: NodeJS.ProcessEnv, onCommand: OnCommand): Promise<void> {
  const { connect } = await import('nats');
  const connection = await connect({
    servers: String(env['SHOAL_NATS_URL']).split(','),
    maxReconnectAttempts: -1,
    ...(env['SHOAL_NATS_INBOX_PREFIX'] ? { inboxPrefix: env['SHOAL_NATS_INBOX_PREFIX'] } : {}),
  });
  connection.subscribe(String(env['SHOAL_COMMAND_SUBJECT']), {
    callback: (error, message) => {
      if (error === null) void onCommand(Envelope.deserialize(Buffer.from(message.data)));
    },
  });
  await connection.flush();
}
