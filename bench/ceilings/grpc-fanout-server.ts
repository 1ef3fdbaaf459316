/** Writes a message of a SubscribeToEventsResponse's size to whoever calls, as long as it reads. Prints its port. */
import { type handleServerStreamingCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { encodeEnvelope } from '../../src/worker/envelope-encoder.ts';
import { PAYLOAD_BYTES } from '../load/load-plan.ts';
import { endWithParent } from '../support/end-with-parent.ts';

const asItIs = (bytes: Buffer): Buffer => bytes;
const envelope = encodeEnvelope({
  eventId: 'xxxxxxxx-0000000000',
  key: 'bench.unlogged.v1',
  payload: Buffer.alloc(PAYLOAD_BYTES),
  timestampNs: BigInt(Date.now()) * 1_000_000n,
  workerId: 'load-xxxxxxxxxxxx',
  simulationId: 'load-xxxxxxxxxxxx',
  contentType: 'application/octet-stream',
  correlationId: '',
  attributes: {},
  ordinal: 1,
});
const subject = Buffer.from('events.simulation.load-xxxxxxxxxxxx.event.bench.unlogged.v1');
const response = Buffer.concat([
  Buffer.from([0x0a, 0x80 | (envelope.length & 0x7f), envelope.length >> 7]),
  envelope,
  Buffer.from([0x22, subject.length]),
  subject,
]);

const subscribe: handleServerStreamingCall<Buffer, Buffer> = (call) => {
  const fill = (): void => {
    while (!call.destroyed && call.write(response));
  };
  call.on('drain', fill);
  fill();
};

const server = new Server();
server.addService(
  {
    Subscribe: {
      path: '/bench/Subscribe',
      requestStream: false,
      responseStream: true,
      responseSerialize: asItIs,
      requestDeserialize: asItIs,
      requestSerialize: asItIs,
      responseDeserialize: asItIs,
    },
  },
  { Subscribe: subscribe },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
});
endWithParent();
