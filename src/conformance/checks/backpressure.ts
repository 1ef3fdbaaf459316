import type { Check } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import { expectThat, NotApplicable } from '../finding.ts';
import { firstRepeated, ordinalGap, tickGap } from '../order.ts';

const HOLD_MS = 3_000;
const STANDS_STILL_MS = 900;
const MAX_EVENTS = 65_536;
const MAX_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 60_000;
const QUIET_MS = 1_000;

const section = 'batches';

export const BACKPRESSURE_CHECKS: readonly Check[] = [
  {
    id: 'holds-when-not-acknowledged',
    section,
    title:
      'holds its tick, or keeps within bounds, while nothing is acknowledged; then everything arrives, once and in order',
    fix: 'Bound the events that are kept (by number and by bytes), and hold the simulation when the bound is reached, until acknowledgements make room.',
    needs: { commands: ['pause', 'resume'] },
    scene: { setting: { terms: { heartbeatIntervalMs: 200, maxBatchEvents: 512 } } },
    async run(examination) {
      const { record, examiner, type } = examination;
      await examination.running();
      if (type.commands.has('set_speed')) await examination.command(COMMANDS.setSpeed(0));
      const from = record.allEvents.length;
      examiner.events.hold();
      await examination.stays(HOLD_MS);
      const last = record.heartbeats.filter(({ atMs }) => atMs > record.nowMs() - STANDS_STILL_MS);
      const standsStill = last.length > 1 && last[0]?.tick === last.at(-1)?.tick;
      const sent = examination.send(COMMANDS.pause());
      examiner.events.release();
      await examination.acknowledged(sent, 1, DRAIN_MS);
      const events = record.allEvents.slice(from);
      const bytes = events.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
      const isBounded = standsStill || (events.length <= MAX_EVENTS && bytes <= MAX_BYTES);
      const expected = `a tick that stands still, or at most ${MAX_EVENTS} events and ${MAX_BYTES} bytes kept`;
      expectThat(
        isBounded,
        expected,
        () => `${events.length} events with ${bytes} bytes came after ${HOLD_MS} ms without an acknowledgement`,
      );
      const all = record.allEvents;
      expectThat(firstRepeated(all) === undefined, 'every event once', () => `${firstRepeated(all)} came twice`);
      const gap = ordinalGap(all) ?? tickGap(all);
      expectThat(gap === undefined, 'every event, in order', () => `${gap}`);
      await examination.command(COMMANDS.resume());
      await examination.moreEvents(1);
    },
  },
  {
    id: 'outlives-a-rejected-event',
    section,
    title: 'does not send a rejected event again, and goes on',
    fix: 'Log what `rejected` names and go on: the rest of the batch was taken, and sending the event again does not help.',
    scene: { setting: {} },
    async run(examination) {
      const { record, examiner } = examination;
      await examination.running();
      let rejected: string | undefined;
      examiner.events.reject(({ envelope, isAck }) => {
        if (isAck || envelope.eventId === '' || (rejected !== undefined && rejected !== envelope.eventId)) return false;
        rejected = envelope.eventId;
        return true;
      });
      await examination.moreEvents(3);
      await examination.stays(QUIET_MS);
      await examination.moreEvents(1);
      if (rejected === undefined) throw new NotApplicable('its events have no ids, by which they could be told again');
      const times = record.events.filter(({ envelope }) => envelope.eventId === rejected);
      expectThat(times.length === 1, 'a rejected event no second time', () => `${rejected} came ${times.length} times`);
    },
  },
];
