import type { Check } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import { expectThat } from '../finding.ts';
import { ackedTick, eventsBetween } from '../ticks.ts';
import { resetInBetween } from './identities.ts';

const STRAY_MS = 700;
const IGNORED_MS = 1_000;
const PAUSED = { terms: { desiredState: 'SIMULATION_STATE_PAUSED' } } as const;

/** A field of the wire type 7, which there is not. */
const NO_MESSAGE = Buffer.from([0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

const STATES: Readonly<Record<string, string>> = { 'orchestrator.control.resume': 'RUNNING' };

const section = 'commands';

export const CARE_CHECKS: readonly Check[] = [
  {
    id: 'obeys-once',
    section,
    title: 'acknowledges a command that comes again the same way, and does not do it again',
    fix: 'Remember the ids of commands and their acknowledgements; answer an id that you know with the acknowledgement that it had.',
    needs: { commands: ['step'] },
    scene: { setting: PAUSED },
    async run(examination) {
      const { record } = examination;
      await examination.registered();
      const sent = examination.send(COMMANDS.step(3));
      const first = await examination.acknowledged(sent);
      examination.send(COMMANDS.step(3), sent);
      const second = await examination.acknowledged(sent, 2);
      await examination.stays(STRAY_MS);
      const fields = ({ ack }: typeof first) =>
        `ok ${ack?.ok}, tick ${ack?.tick}, state ${ack?.state}, code ${ack?.code}`;
      expectThat(fields(first) === fields(second), `the acknowledgement it had: ${fields(first)}`, () =>
        fields(second),
      );
      const events = eventsBetween(record.events, first.event);
      expectThat(events.length === 0, 'no event because of a command that came again', () => `${events.length} events`);
    },
  },
  {
    id: 'acknowledges-by-correlation',
    section,
    title: 'acknowledges each command by its id, with ok and the state that it is in',
    fix: 'Report worker.command_ack.v1 with correlation_id = event_id of the command, and a CommandAck with ok, tick and state.',
    needs: { commands: ['pause', 'step', 'reset', 'resume'] },
    scene: resetInBetween,
    run({ sent, record }) {
      for (const { id, content } of sent) {
        const seen = record.acks.find(({ event }) => event.envelope.correlationId === id);
        const all = () => record.acks.map(({ event }) => JSON.stringify(event.envelope.correlationId)).join(', ');
        expectThat(seen !== undefined, `an acknowledgement of ${content.key} with correlation_id ${id}`, all);
        const { ack } = seen;
        expectThat(ack !== undefined, `a CommandAck for ${content.key}`, () => 'a payload that cannot be read as one');
        expectThat(
          ack.ok,
          `${content.key} acknowledged with ok`,
          () => `refused with code ${ack.code}: ${ack.message}`,
        );
        const state = STATES[content.key] ?? 'PAUSED';
        expectThat(
          ack.state === `SIMULATION_STATE_${state}`,
          `${state} in the acknowledgement of ${content.key}`,
          () => ack.state,
        );
      }
    },
  },
  {
    id: 'refuses-what-it-does-not-know',
    section,
    title: 'refuses a custom command that it does not know, with a code, and goes on',
    fix: 'Answer a key that you do not know with ok false and code 12 (UNIMPLEMENTED).',
    needs: { commands: ['step'] },
    scene: { setting: PAUSED },
    async run(examination) {
      await examination.registered();
      const key = 'conformance.unknown.v1';
      const { ack } = await examination.answer({ key, payload: Buffer.from('{}'), contentType: 'application/json' });
      const isRefused = ack?.ok === false && ack.code !== 0;
      expectThat(isRefused, `${key} refused, with a code that is not 0`, () => `ok ${ack?.ok}, code ${ack?.code}`);
      await examination.command(COMMANDS.step(1));
    },
  },
  {
    id: 'outlives-a-broken-command',
    section,
    title: 'refuses or ignores a command whose payload cannot be decoded, and obeys the next one',
    fix: 'Catch what the decoder throws, and refuse the command with code 3 (INVALID_ARGUMENT).',
    needs: { commands: ['step'] },
    scene: { setting: PAUSED },
    async run(examination) {
      await examination.registered();
      const before = await examination.command(COMMANDS.step(1));
      const broken = examination.send({ ...COMMANDS.step(1), payload: NO_MESSAGE });
      await examination.whether(() => examination.acksOf(broken).length > 0, IGNORED_MS);
      const [seen] = examination.acksOf(broken);
      expectThat(seen?.ack?.ok !== true, 'a refusal, or nothing', () => 'it was acknowledged with ok');
      const after = await examination.command(COMMANDS.step(1));
      const isNext = ackedTick(after) === ackedTick(before) + 1;
      expectThat(isNext, `tick ${ackedTick(before) + 1} after the next step`, () => `tick ${ackedTick(after)}`);
    },
  },
];
