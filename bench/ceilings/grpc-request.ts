/**
 * What a client's call costs by itself: a bare unary call and its answer between two programs on grpc-js, one at a time. Prints
 * Latencies as JSON.
 *
 *   node -C source bench/ceilings/grpc-request.ts [--count 1000]
 */
import { parseArgs } from 'node:util';
import { Client, credentials } from '@grpc/grpc-js';
import { endChild, firstLine, startNode } from '../support/child.ts';
import { latenciesOf } from '../support/latencies.ts';
import { sampleMs } from '../support/sample.ts';
import { pathToMethod } from './grpc-echo-methods.ts';

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000' } } });
const server = startNode(new URL('grpc-echo-server.ts', import.meta.url), []);
const client = new Client(`127.0.0.1:${await firstLine(server)}`, credentials.createInsecure());
const asItIs = (bytes: Buffer): Buffer => bytes;
// As long as a pause command of a client.
const request = Buffer.alloc(40);
const call = (): Promise<unknown> =>
  new Promise((resolve, reject) => {
    client.makeUnaryRequest(pathToMethod('unary'), asItIs, asItIs, request, (error, answer) =>
      error === null ? resolve(answer) : reject(error),
    );
  });
const samples = await sampleMs(Number(values.count), call);
client.close();
await endChild(server);
console.log(JSON.stringify(latenciesOf(samples)));
