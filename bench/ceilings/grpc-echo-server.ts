/** The least that a grpc-js server can do with an event: take its bytes, answer with a few. Prints its port. */
import { type handleBidiStreamingCall, type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { endWithParent } from '../support/end-with-parent.ts';
import { pathToMethod } from './grpc-echo-methods.ts';

const asItIs = (bytes: Buffer): Buffer => bytes;
const NOTHING = Buffer.alloc(0);
const ANSWER = {
  responseSerialize: asItIs,
  requestDeserialize: asItIs,
  requestSerialize: asItIs,
  responseDeserialize: asItIs,
};

const unary: handleUnaryCall<Buffer, Buffer> = (_call, callback) => callback(null, NOTHING);

/** One answer a message: a varint field that counts them, as Shoal's answers do. */
const stream: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
  let count = 0;
  call.on('data', () => {
    count += 1;
    call.write(countAnswer(count));
  });
  call.on('end', () => call.end());
};

function countAnswer(count: number): Buffer {
  const bytes = [0x08];
  let rest = count;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

const server = new Server({ 'grpc.max_receive_message_length': 8 * 1024 * 1024 });
server.addService(
  {
    Unary: { path: pathToMethod('unary'), requestStream: false, responseStream: false, ...ANSWER },
    Stream: { path: pathToMethod('stream'), requestStream: true, responseStream: true, ...ANSWER },
    Batch: { path: pathToMethod('batch'), requestStream: true, responseStream: true, ...ANSWER },
  },
  { Unary: unary, Stream: stream, Batch: stream },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
});
endWithParent();
