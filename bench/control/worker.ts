/**
 * The worker of the comparison: takes commands in every way at once, and reports events at a steady rate.
 *
 *   worker.ts GRPC_ADDRESS NATS_URL EVENTS_PER_SECOND
 *
 * Prints the port of its own gRPC service once everything is live.
 */
import { once } from 'node:events';
import { Client, credentials, Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import { connect } from 'nats';
import { EnvelopeView } from '../../src/domain/envelope/envelope-view.ts';
import { encodeBatch } from '../../src/worker/envelope-encoder.ts';
import { PAYLOAD_BYTES } from '../load/load-plan.ts';
import { endWithParent } from '../support/end-with-parent.ts';
import { Pacer } from '../workers/pacer.ts';
import { ackEnvelope, COMMAND_SUBJECT, eventEnvelope, METHODS, REQUEST_SUBJECT } from './protocol.ts';

const [grpcAddress = '', natsUrl = '', eventsPerSecond = '0'] = process.argv.slice(2);
const view = new EnvelopeView();
const ackOf = (command: Uint8Array): Buffer => {
  view.scan(command);
  return ackEnvelope(view.eventId);
};

const client = new Client(grpcAddress, credentials.createInsecure());
const { report, receiveCommands, execute } = METHODS;
const reporting = client.makeBidiStreamRequest(
  report.path,
  report.requestSerialize,
  report.responseDeserialize,
  new Metadata(),
);
reporting.resume();
let sequence = 0;
const reportEvents = (envelopes: readonly Uint8Array[]): void => {
  sequence += 1;
  reporting.write(encodeBatch(sequence, envelopes));
};

const connection = await connect({ servers: natsUrl });
connection.subscribe(COMMAND_SUBJECT, { callback: (_error, { data }) => reportEvents([ackOf(data)]) });
connection.subscribe(REQUEST_SUBJECT, { callback: (_error, message) => void message.respond(ackOf(message.data)) });
await connection.flush();

const commands = client.makeServerStreamRequest(
  receiveCommands.path,
  receiveCommands.requestSerialize,
  receiveCommands.responseDeserialize,
  Buffer.alloc(0),
);
commands.on('data', (command: Buffer) => reportEvents([ackOf(command)]));
await once(commands, 'metadata');

const server = new Server();
server.addService(
  { execute },
  { execute: (call: { request: Buffer }, answer: (e: null, ack: Buffer) => void) => answer(null, ackOf(call.request)) },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
});

const event = eventEnvelope(PAYLOAD_BYTES);
new Pacer(Number(eventsPerSecond), (count) => reportEvents(new Array<Buffer>(count).fill(event)));
endWithParent();
