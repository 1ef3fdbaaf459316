import { once } from 'node:events';
import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { neighbourhood } from './neighbour.ts';

const near = neighbourhood();

const GRPC = { 'content-type': 'application/grpc' };

describe('garbage instead of gRPC', () => {
  test.each(['clients', 'workers'] as const)('on a connection to the address for %s', async (which) => {
    const [host = '', port = ''] = near().daemon.addresses[which].split(':');
    const attempts = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff'),
      Buffer.alloc(5_000, 0xff),
    ];
    for (const bytes of attempts) {
      const socket = connectTcp(Number(port), host);
      socket.on('error', () => {});
      socket.resume();
      socket.end(bytes);
      await new Promise((resolve) => socket.once('close', resolve));
      await expect(near().daemon.client.info()).resolves.toBeDefined();
    }
  });

  test.each([
    ['no content type', {}, { httpStatus: 415 }],
    ['a content type of the web', { 'content-type': 'application/json' }, { httpStatus: 415 }],
    [
      'an encoding that is none',
      { ...GRPC, 'grpc-encoding': 'rot13' },
      { httpStatus: 200, code: status.UNIMPLEMENTED },
    ],
    // By grpc-js itself, before anything of ours sees the call.
    ['a deadline that is none', { ...GRPC, 'grpc-timeout': 'soon' }, { httpStatus: 200, code: status.INTERNAL }],
  ])('in the headers: %s', async (_what, headers, expected) => {
    const session = connect(`http://${near().daemon.addresses.clients}`);
    const path = clientMethods.GetSimulationStatus.path;
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    // The stream is closed under what is still being sent.
    stream.on('error', () => {});
    stream.end(Buffer.from([1, 0, 0, 0, 2, 0xff, 0xff]));
    stream.resume();
    const [answer] = await once(stream, 'response');
    const code = answer['grpc-status'];
    expect({ httpStatus: answer[':status'], ...(code === undefined ? {} : { code: Number(code) }) }).toEqual(expected);
    session.destroy();
  });
});
