import type { Check } from '../check.ts';
import { expectThat } from '../finding.ts';
import { ackedTick, eventsBetween, tickOf } from '../ticks.ts';
import { heartbeatsBetween, pauseAndResume, pausedAndResumed } from './paused-and-resumed.ts';
import { stepped, steps } from './stepped.ts';

const GO_ON_MS = 10_000;

const section = 'commands';

export const COMMAND_CHECKS: readonly Check[] = [
  {
    id: 'pause-stops-the-tick',
    section,
    title: 'reports nothing of a later tick after it has acknowledged a pause, and its tick stands still',
    fix: 'Obey commands between two ticks, never within one, and acknowledge a pause when no further tick will come.',
    needs: { commands: ['pause', 'resume'] },
    scene: pausedAndResumed,
    run(examination) {
      const { pause, resumeSentMs } = pauseAndResume(examination);
      const { record } = examination;
      const paused = eventsBetween(record.events, pause.event).filter(({ atMs }) => atMs < resumeSentMs);
      const acked = ackedTick(pause);
      const later = paused.find((event) => (tickOf(event) ?? Number.POSITIVE_INFINITY) > acked);
      expectThat(later === undefined, 'no event of a later tick after the acknowledgement of a pause', () => {
        const tick = later === undefined ? undefined : tickOf(later);
        const of = tick === undefined ? '' : ` of tick ${tick}, with tick ${acked} acknowledged`;
        return `${later?.envelope.eventTypeKey}${of}, ${Math.round((later?.atMs ?? 0) - pause.atMs)} ms after it`;
      });
      const ticks = heartbeatsBetween(examination, pause.atMs, resumeSentMs).map(({ tick }) => tick);
      expectThat(new Set(ticks).size <= 1, 'one tick in all heartbeats of the pause', () => ticks.join(', '));
    },
  },
  {
    id: 'resume-goes-on',
    section,
    title: 'goes on where it was after a resume',
    fix: 'After a resume go on with the tick after the one that the pause was acknowledged with.',
    needs: { commands: ['pause', 'resume'] },
    scene: pausedAndResumed,
    async run(examination) {
      const { pause, resume } = pauseAndResume(examination);
      const { events } = examination.record;
      const after = () => eventsBetween(events, resume.event);
      await examination.until('an event after a resume', () => after().length > 0, GO_ON_MS);
      const last = events.findLast(({ index }) => index < pause.event.index);
      const tick = last === undefined ? undefined : tickOf(last);
      const earlier = after().find((event) => (tickOf(event) ?? Number.POSITIVE_INFINITY) < (tick ?? 0));
      expectThat(earlier === undefined, `ticks from ${tick} on`, () => `tick ${earlier && tickOf(earlier)}`);
    },
  },
  {
    id: 'step-is-exact',
    section,
    title: 'makes exactly so many ticks in a step, and acknowledges it after the events of the last one',
    fix: 'In PAUSED make exactly `ticks` ticks; then acknowledge, behind their events in the same stream, with the tick that was reached.',
    needs: { commands: ['step'] },
    scene: stepped,
    run(examination) {
      const { before, five, nextSentMs } = steps(examination);
      const { record } = examination;
      const rise = ackedTick(five) - ackedTick(before);
      expectThat(
        rise === 5,
        'a tick higher by 5 after a step of 5',
        () => `${ackedTick(before)}, then ${ackedTick(five)}`,
      );
      const late = eventsBetween(record.events, five.event).filter(({ atMs }) => atMs < nextSentMs);
      expectThat(late.length === 0, 'all events of the step before its acknowledgement', () => {
        return `${late.length} after it, the first ${Math.round((late[0]?.atMs ?? 0) - five.atMs)} ms later`;
      });
      const events = eventsBetween(record.events, before.event, five.event);
      expectThat(events.length >= 5, 'at least an event for each of 5 ticks', () => `${events.length} events`);
      const ticks = [...new Set(events.flatMap((event) => tickOf(event) ?? []))];
      // An event may tell the tick that it began in, or the one that it led to.
      expectThat(ticks.length <= 5, 'events of 5 ticks', () => `of the ticks ${ticks.join(', ')}`);
      const [beat] = heartbeatsBetween(examination, five.atMs, nextSentMs).slice(-1);
      const isThere = beat === undefined || beat.tick === ackedTick(five);
      expectThat(isThere, `heartbeats of tick ${ackedTick(five)} after the step`, () => `tick ${beat?.tick}`);
    },
  },
  {
    id: 'step-zero-is-one',
    section,
    title: 'makes one tick in a step of 0',
    fix: 'Take 0 in StepCommand.ticks for 1: it is the default of protobuf.',
    needs: { commands: ['step'] },
    scene: stepped,
    run(examination) {
      const { afterFive, zero } = steps(examination);
      const rise = ackedTick(zero) - ackedTick(afterFive);
      expectThat(rise === 1, 'a tick higher by 1', () => `${ackedTick(afterFive)}, then ${ackedTick(zero)}`);
    },
  },
];
