import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpListener } from '../../../src/adapters/http/http-listener.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';

const log = new RecordingLog();
const listener = new HttpListener({
  listen: () => '127.0.0.1:0',
  metrics: async () => ({ contentType: 'text/plain', text: 'ok' }),
  notReady: () => undefined,
  portHolder: () => undefined,
  log,
});
beforeAll(() => listener.start());
afterAll(() => listener.stop());

async function statusOf(method: string, path: string): Promise<number | undefined> {
  const asked = request({ host: '127.0.0.1', port: Number(listener.address.split(':')[1]), method, path }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test.each([
  ['GET', '/healthz', 200],
  ['HEAD', '/readyz', 200],
  ['GET', '/metrics?name=a', 200],
  ['GET', 'http://shoal/healthz', 200],
  ['POST', '/healthz', 405],
  ['GET', '/', 404],
  ['GET', '//', 404],
  ['GET', '///healthz', 404],
  ['GET', '//[', 404],
  ['GET', 'http://', 404],
  ['GET', '/%zz', 404],
  ['OPTIONS', '*', 405],
])('%s %s is answered %i, and is no error of ours', async (method, path, status) => {
  expect(await statusOf(method, path)).toBe(status);
  expect(log.errors).toEqual([]);
});
