import type { Check } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import { expectThat, NotApplicable } from '../finding.ts';
import type { SeenEvent } from '../observations.ts';
import { cut, cutOff, events, holdSome } from './cut-off.ts';

const AGAIN_MS = 20_000;
const SOME_MS = 700;

const section = 'connection';

export const CONNECTION_CHECKS: readonly Check[] = [
  {
    id: 'registers-again-the-same',
    section,
    title: 'registers again under the same ids when its connection was cut, and goes on',
    fix: 'When a call ends UNAVAILABLE begin again: subscribe, register with the same ids, open a new stream.',
    scene: cutOff,
    async run(examination) {
      const { record, workerId, simulationId } = examination;
      await examination.registered(2);
      const other = record.registrations
        .slice(1)
        .find(({ request }) => request.workerId !== workerId || request.simulationId !== simulationId);
      expectThat(other === undefined, `the ids ${workerId} and ${simulationId} again`, () => {
        return `${other?.request.workerId} and ${other?.request.simulationId}`;
      });
      await examination.until('events after registering again', () => events(examination).later.length > 0, AGAIN_MS);
    },
  },
  {
    id: 'begins-each-stream-at-one',
    section,
    title: 'numbers the batches of a new stream from 1 again',
    fix: 'Count the sequence per stream, not per worker.',
    scene: cutOff,
    async run(examination) {
      const { record } = examination;
      const next = () => record.eventStreams.find(({ number, batches }) => number > 1 && batches.length > 0);
      const { batches } = await examination.until('a batch on a new stream', next, AGAIN_MS);
      const sequence = batches[0]?.sequence;
      expectThat(sequence === 1, 'sequence 1 in the first batch of the new stream', () => `${sequence}`);
    },
  },
  {
    id: 'resends-what-was-not-acknowledged',
    section,
    title: 'sends again all that was not acknowledged, in the old order and under the old ids',
    fix: 'Keep every event until it is acknowledged; on a new stream send all that is kept, oldest first, before anything new.',
    scene: cutOff,
    async run(examination) {
      const { unacknowledged, acknowledged } = events(examination);
      const old = new Set(idsOf(acknowledged));
      const wanted = idsOf(unacknowledged);
      // What came again though it was acknowledged is the finding of another check.
      const came = () => idsOf(events(examination).later).filter((id) => !old.has(id));
      await examination.whether(() => came().length >= wanted.length, AGAIN_MS);
      const at = wanted.findIndex((id, index) => came()[index] !== id);
      expectThat(at < 0, `the ${wanted.length} events that were not acknowledged, first and in their order`, () => {
        const again = came().includes(wanted[at] ?? '') ? 'came later' : 'did not come again';
        return `in place ${at + 1} came ${came()[at] ?? 'nothing'}; ${wanted[at]} ${again}`;
      });
    },
  },
  {
    id: 'does-not-resend-what-was',
    section,
    title: 'does not send again what was acknowledged',
    fix: 'Forget the events of all batches up to the acknowledged sequence: acknowledgements are cumulative.',
    scene: cutOff,
    async run(examination) {
      await examination.until('events after the cut', () => events(examination).later.length > 0, AGAIN_MS);
      await examination.pass(SOME_MS);
      const { acknowledged, later } = events(examination);
      const known = new Set(idsOf(acknowledged));
      const again = later.filter(({ envelope }) => known.has(envelope.eventId));
      expectThat(again.length === 0, 'only what was not acknowledged', () => {
        return `${again.length} of ${known.size} acknowledged events came again, the first ${again[0]?.envelope.eventId}`;
      });
    },
  },
  {
    id: 'listens-again',
    section,
    title: 'opens ReceiveCommands again when its connection was cut, and obeys',
    fix: 'After a lost connection subscribe to commands again, before registering again.',
    needs: { commands: ['pause'], transport: 'grpc' },
    scene: cutOff,
    async run(examination) {
      const { record } = examination;
      const open = () =>
        record.commandStreams.some(
          ({ headersAtMs, endedAtMs }) => headersAtMs !== undefined && endedAtMs === undefined,
        );
      await examination.until('ReceiveCommands again', () => record.commandStreams.length > 1 && open(), AGAIN_MS);
      await examination.command(COMMANDS.pause());
    },
  },
  {
    id: 'resumes-after-the-ordinal',
    section,
    title: 'leaves out what is not above resume_after_ordinal when it registers again',
    fix: 'Of the events to be sent again leave out those whose ordinal is not above resume_after_ordinal; 0 leaves out nothing.',
    scene: {
      setting: { terms: { maxBatchEvents: 8 } },
      async play(examination) {
        await examination.running();
        await holdSome(examination);
      },
    },
    async run(examination) {
      const { examiner } = examination;
      const [first] = events(examination).unacknowledged;
      if (first === undefined || first.envelope.ordinal === '0')
        throw new NotApplicable('the worker gives no ordinals');
      const last = lastOfBatch(first, events(examination).unacknowledged);
      examiner.terms = { ...examiner.terms, resumeAfterOrdinal: last.envelope.ordinal };
      await cut(examination);
      await examination.registered(2);
      await examination.until('events after registering again', () => events(examination).later.length > 0, AGAIN_MS);
      await examination.pass(SOME_MS);
      const below = events(examination).later.find(
        ({ envelope }) => BigInt(envelope.ordinal) <= BigInt(last.envelope.ordinal),
      );
      const expected = `events with ordinals above ${last.envelope.ordinal}, as RegisterWorker was answered`;
      expectThat(below === undefined, expected, () => `ordinal ${below?.envelope.ordinal} came again`);
    },
  },
];

function lastOfBatch(first: SeenEvent, events: readonly SeenEvent[]): SeenEvent {
  return events.findLast(({ stream, sequence }) => stream === first.stream && sequence === first.sequence) ?? first;
}

/** Events without an id cannot be told apart; Shoal gives them ids. */
function idsOf(events: readonly SeenEvent[]): string[] {
  return events.map(({ envelope }) => envelope.eventId).filter((id) => id !== '');
}
