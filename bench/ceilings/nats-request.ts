/**
 * Ceiling of commands: a bare request and its reply over NATS, requester and responder in separate processes, one at a
 * time. Prints Latencies as JSON.
 *
 *   node -C source bench/ceilings/nats-request.ts [--count 1000]
 */
import { parseArgs } from 'node:util';
import { connect } from 'nats';
import { endChild, firstLine, startNode } from '../support/child.ts';
import { endWithParent } from '../support/end-with-parent.ts';
import { latenciesOf } from '../support/latencies.ts';
import { startNatsServer } from '../support/nats-server.ts';
import { sampleMs } from '../support/sample.ts';

const SUBJECT = 'commands.worker.load-xxxxxxxxxxxx.control';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, respond: { type: 'string' } },
});
if (values.respond === undefined) await request(Number(values.count));
else await respond(values.respond);

async function request(count: number): Promise<void> {
  await using server = await startNatsServer();
  const responder = startNode(new URL(import.meta.url), ['--respond', server.url]);
  await firstLine(responder);
  const connection = await connect({ servers: server.url });
  // As long as a pause command.
  const command = Buffer.alloc(150);
  const samples = await sampleMs(count, () => connection.request(SUBJECT, command, { timeout: 5_000 }));
  await connection.close();
  await endChild(responder);
  console.log(JSON.stringify(latenciesOf(samples)));
}

async function respond(url: string): Promise<void> {
  const connection = await connect({ servers: url });
  connection.subscribe(SUBJECT, { callback: (_error, message) => void message.respond(message.data) });
  await connection.flush();
  console.log('ready');
  endWithParent();
}
