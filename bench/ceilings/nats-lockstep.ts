/**
 * Ceiling of lockstep over NATS: publishes a command to each of 100 subjects and waits for as many replies, round after
 * round. Each subject is heard on a connection of its own, all of them in one other process. Prints a {@link CeilingRun} as JSON:
 * the rate is that of rounds, the processor time that of one command.
 *
 *   node -C source bench/ceilings/nats-lockstep.ts [--seconds 2]
 */
import { parseArgs } from 'node:util';
import { connect, createInbox } from 'nats';
import { endChild, firstLine, startNode } from '../support/child.ts';
import { endWithParent } from '../support/end-with-parent.ts';
import { startNatsServer } from '../support/nats-server.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import { LOCKSTEP_SIZE, measureRounds } from './lockstep-rounds.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' }, respond: { type: 'string' } } });
if (values.respond === undefined) await command(Number(values.seconds));
else await respond(values.respond);

function subjectOf(worker: number): string {
  return `commands.worker.load-xxxxxxxx${String(worker).padStart(4, '0')}.control`;
}

async function command(seconds: number): Promise<void> {
  await using server = await startNatsServer();
  const responder = startNode(new URL(import.meta.url), ['--respond', server.url]);
  await firstLine(responder);
  const connection = await connect({ servers: server.url });
  const reply = createInbox();
  let replied = (): void => {};
  connection.subscribe(reply, { callback: () => replied() });
  await connection.flush();
  // As long as a step command.
  const bytes = Buffer.alloc(150);
  const run = await measureRounds(seconds, {
    begin: (onReply) => {
      replied = onReply;
      for (let worker = 0; worker < LOCKSTEP_SIZE; worker += 1) connection.publish(subjectOf(worker), bytes, { reply });
    },
    serverCpuSeconds: async () => (await processCpuSeconds(server.pid)) ?? Number.NaN,
  });
  await connection.close();
  await endChild(responder);
  console.log(JSON.stringify(run));
}

async function respond(url: string): Promise<void> {
  for (let worker = 0; worker < LOCKSTEP_SIZE; worker += 1) {
    const connection = await connect({ servers: url });
    connection.subscribe(subjectOf(worker), { callback: (_error, message) => void message.respond(message.data) });
    await connection.flush();
  }
  console.log('ready');
  endWithParent();
}
