import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf, type MethodOf, unaryCall } from '../../support/daemon/calls.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered, workerMethods } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** A length-delimited field. */
const field = (number: number, bytes: Uint8Array) =>
  Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
/** Both are read as U+FFFD by a reader that is lenient: two texts would be one. */
const TEXTS = [Buffer.from([0x61, 0xff]), Buffer.from([0x61, 0xfe])];
const raw = <Request, Response>({ path, responseDeserialize }: MethodOf<Request, Response>) => ({
  path,
  responseDeserialize,
  requestSerialize: (bytes: Buffer) => bytes,
});
const type = field(2, Buffer.from('puppet'));

test.each([
  ['simulation_id', (text: Buffer) => Buffer.concat([field(1, text), type])],
  ['worker_type', (text: Buffer) => field(2, text)],
  ['request_id', (text: Buffer) => Buffer.concat([type, field(9, text)])],
  [
    'labels',
    (text: Buffer) => Buffer.concat([type, field(6, Buffer.concat([field(1, text), field(2, Buffer.from('v'))]))]),
  ],
])('StartSimulation with a %s that is not UTF-8 is refused, and starts nothing', async (_name, request) => {
  const before = (await daemon.client.list()).simulations.length;
  for (const text of TEXTS) {
    const failure = await failureOf(unaryCall(daemon.client.grpc, raw(clientMethods.StartSimulation), request(text)));
    expect(failure.code).toMatch(/^(INVALID_ARGUMENT|NOT_FOUND)$/);
  }
  expect((await daemon.client.list()).simulations).toHaveLength(before);
});

test.each([
  ['RegisterWorker', workerMethods.RegisterWorker, (worker: Buffer, run: Buffer) => [field(1, worker), field(2, run)]],
  ['Heartbeat', workerMethods.Heartbeat, (worker: Buffer, run: Buffer) => [field(1, worker), field(2, run)]],
] as const)('%s with an id that is not UTF-8 is refused', async (_name, method, request) => {
  const puppet = await startRegistered(daemon);
  const { token } = puppet.launch;
  const ids = [puppet.ids.workerId, puppet.ids.simulationId].map((id) => Buffer.from(id));
  for (const at of [0, 1]) {
    const [worker, run] = ids.map((id, index) => (index === at ? Buffer.concat([id, Buffer.from([0xff])]) : id));
    const bytes = Buffer.concat(request(worker as Buffer, run as Buffer));
    const call = unaryCall(puppet.grpc, raw(method as MethodOf<unknown, unknown>), bytes, { token });
    expect((await failureOf(call)).code).toMatch(/^(INVALID_ARGUMENT|PERMISSION_DENIED)$/);
  }
});

test.each([
  [
    'ControlSimulation',
    clientMethods.ControlSimulation,
    (run: Buffer, id: Buffer) => [field(1, run), field(2, Buffer.alloc(0)), field(15, id)],
  ],
  [
    'ControlSimulations',
    clientMethods.ControlSimulations,
    (run: Buffer, id: Buffer) => [field(1, run), field(3, Buffer.concat([field(2, Buffer.alloc(0)), field(15, id)]))],
  ],
] as const)('%s with a request_id that is not UTF-8 is refused', async (_name, method, request) => {
  const { ids } = await startRegistered(daemon);
  for (const text of TEXTS) {
    const bytes = Buffer.concat(request(Buffer.from(ids.simulationId), text));
    const call = unaryCall(daemon.client.grpc, raw(method as MethodOf<unknown, unknown>), bytes);
    expect(await failureOf(call)).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field: 'request_id' } });
  }
});
