import { COMMAND_NAMES } from '../../domain/command/command.ts';
import type { Check } from '../check.ts';
import type { Examination } from '../examination.ts';
import { expectThat } from '../finding.ts';
import { firstRun } from './first-run.ts';

/** Of these it does no harm when they are not named: Shoal can end any process, and what is custom is refused by its key. */
const NEED_NOT_BE_NAMED = ['stop', 'custom'];

const section = 'registration';

export const REGISTRATION_CHECKS: readonly Check[] = [
  {
    id: 'registers-in-time',
    section,
    title: 'calls RegisterWorker within the register_timeout of its type',
    fix: 'Register as soon as commands can be heard, before the world is built; or raise limits.register_timeout of the worker type.',
    scene: firstRun,
    run({ record, type }) {
      const { registerTimeoutMs } = type.config.limits;
      const [first] = record.registrations;
      const expected = `RegisterWorker within ${registerTimeoutMs} ms of the launch`;
      expectThat(first !== undefined, expected, () => record.lately());
      expectThat(first.atMs <= registerTimeoutMs, expected, () => `it came after ${Math.round(first.atMs)} ms`);
    },
  },
  {
    id: 'registers-under-its-ids',
    section,
    title: 'names in RegisterWorker the worker and the simulation that it was given',
    fix: 'Send SHOAL_WORKER_ID as worker_id and SHOAL_SIMULATION_ID as simulation_id.',
    scene: firstRun,
    run(examination) {
      const { workerId, simulationId } = registration(examination);
      const expected = `worker_id ${examination.workerId} and simulation_id ${examination.simulationId}`;
      const isSo = workerId === examination.workerId && simulationId === examination.simulationId;
      expectThat(isSo, expected, () => `worker_id ${named(workerId)} and simulation_id ${named(simulationId)}`);
    },
  },
  {
    id: 'sends-its-token',
    section,
    title: 'sends `authorization: Bearer TOKEN` with each call',
    fix: 'Put the metadata `authorization` with `Bearer ` and SHOAL_WORKER_TOKEN on every call, streams and heartbeats too; an interceptor does it once for all.',
    scene: firstRun,
    run(examination) {
      const { record, token } = examination;
      registration(examination);
      const bare = record.calls.find(({ authorization }) => bearer(authorization) !== token);
      expectThat(bare === undefined, 'the token of the launch in each call', () => {
        const sent = bare?.authorization === undefined ? 'no authorization' : 'another authorization';
        return `${bare?.method} came with ${sent}, ${Math.round(bare?.atMs ?? 0)} ms after the launch`;
      });
    },
  },
  {
    id: 'listens-before-registering',
    section,
    title: 'hears commands before it registers: it has the response headers of ReceiveCommands',
    fix: 'Call ReceiveCommands first and wait for its response headers (not for a message); then call RegisterWorker.',
    needs: { transport: 'grpc' },
    scene: firstRun,
    run(examination) {
      const { record } = examination;
      registration(examination);
      const registeredMs = record.registrations[0]?.atMs ?? 0;
      const listened = record.commandStreams.some(
        ({ headersAtMs, endedAtMs = Number.POSITIVE_INFINITY }) =>
          headersAtMs !== undefined && headersAtMs <= registeredMs && endedAtMs > registeredMs,
      );
      expectThat(listened, 'RegisterWorker after the response headers of ReceiveCommands', () => {
        const [stream] = record.commandStreams;
        const registered = `RegisterWorker came ${Math.round(registeredMs)} ms after the launch`;
        if (stream === undefined) return `${registered}, and ReceiveCommands never`;
        return `${registered}, ReceiveCommands was opened at ${Math.round(stream.atMs)} ms, its headers went out at ${Math.round(stream.headersAtMs ?? 0)} ms`;
      });
    },
  },
  {
    id: 'says-what-it-supports',
    section,
    title: 'names the commands that it supports, and all that its type declares (or none at all)',
    fix: 'Put into supported_commands the names that the contract knows, and into `commands` of the worker type those that the worker obeys.',
    scene: firstRun,
    run(examination) {
      const { supportedCommands } = registration(examination);
      const known: readonly string[] = COMMAND_NAMES;
      const strange = supportedCommands.filter((name) => !known.includes(name));
      expectThat(
        strange.length === 0,
        `names out of ${known.join(', ')}`,
        () => `supported_commands names ${strange.map(named).join(', ')}`,
      );
      if (supportedCommands.length === 0) return;
      const declared = [...examination.type.commands].filter((name) => !NEED_NOT_BE_NAMED.includes(name));
      const missing = declared.filter((name) => !supportedCommands.includes(name));
      expectThat(
        missing.length === 0,
        `all that the worker type declares: ${declared.join(', ')}`,
        () => `supported_commands lacks ${missing.join(', ')}`,
      );
    },
  },
];

function registration({ record }: Examination) {
  const [first] = record.registrations;
  expectThat(first !== undefined, 'RegisterWorker', () => record.lately());
  return first.request;
}

function named(text: string): string {
  return text === '' ? '(empty)' : JSON.stringify(text);
}

function bearer(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}
