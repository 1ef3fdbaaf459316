/**
 * Ceiling of lockstep over gRPC: bare grpc-js, raw buffers. 100 connections from one other process have a stream of commands
 * and one of reports each, as workers of Shoal do. A round writes a command to each, and is over when each has reported and was
 * answered. Prints a {@link CeilingRun} as JSON: the rate is that of rounds, the processor time that of one command.
 *
 *   node -C source bench/ceilings/grpc-lockstep.ts [--seconds 2]
 */
import type { ClientHttp2Stream } from 'node:http2';
import { parseArgs } from 'node:util';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { framed, GrpcWire } from '../load/grpc-wire.ts';
import { endChild, firstLine, startNode } from '../support/child.ts';
import { endWithParent } from '../support/end-with-parent.ts';
import { LOCKSTEP_SIZE, measureRounds } from './lockstep-rounds.ts';

const SERVICE = '/shoal.bench.ceilings.v1.BareLockstepOfRawBuffers';
/** As long as a step command, its acknowledgement, and the acknowledgement of that. */
const COMMAND = Buffer.alloc(150);
const REPORT = Buffer.alloc(200);
const ANSWER = Buffer.from([0x08, 0x01]);

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' }, respond: { type: 'string' } } });
if (values.respond === undefined) await command(Number(values.seconds));
else await respond(values.respond);

async function command(seconds: number): Promise<void> {
  const streams: ServerWritableStream<Buffer, Buffer>[] = [];
  let replied = (): void => {};
  const commands: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    call.sendMetadata(new Metadata());
    streams.push(call);
  };
  const reports: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    call.on('data', () => {
      call.write(ANSWER);
      replied();
    });
  };
  const server = new Server();
  server.addService(
    { Commands: method('Commands', false), Reports: method('Reports', true) },
    { Commands: commands, Reports: reports },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const responder = startNode(new URL(import.meta.url), ['--respond', `127.0.0.1:${port}`]);
  await firstLine(responder);
  const run = await measureRounds(seconds, {
    begin: (onReply) => {
      replied = onReply;
      for (const stream of streams) stream.write(COMMAND);
    },
  });
  await endChild(responder);
  server.forceShutdown();
  console.log(JSON.stringify(run));
}

function method(name: string, requestStream: boolean) {
  const asItIs = (bytes: Buffer): Buffer => bytes;
  return {
    path: `${SERVICE}/${name}`,
    requestStream,
    responseStream: true,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  };
}

async function respond(address: string): Promise<void> {
  for (let worker = 0; worker < LOCKSTEP_SIZE; worker += 1) {
    const wire = new GrpcWire({ address, token: 'x'.repeat(43), path: `${SERVICE}/Reports` });
    const reports = endingWithParent(wire.open());
    reports.resume();
    const commands = endingWithParent(wire.open(`${SERVICE}/Commands`));
    commands.end(framed(Buffer.alloc(0)));
    // A command is one frame and comes whole.
    commands.on('data', () => reports.write(framed(REPORT)));
    await new Promise((resolve) => commands.once('response', resolve));
  }
  console.log('ready');
  endWithParent();
}

/** When the other process ends, it breaks, and this one has ended too. */
function endingWithParent(stream: ClientHttp2Stream): ClientHttp2Stream {
  stream.on('error', () => {});
  return stream;
}
