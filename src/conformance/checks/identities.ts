import type { Check, Scene } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import { expectThat, NotApplicable } from '../finding.ts';
import type { SeenEvent } from '../observations.ts';
import { firstRepeated, ordinalGap } from '../order.ts';

const EVENT_ID = /^[\x21-\x7e]{1,128}$/;
const SOME_MS = 500;

/** Runs, with commands in between, those of them that its type declares: their acknowledgements are events too. */
export const resetInBetween: Scene = {
  setting: {},
  async play(examination) {
    await examination.running();
    await examination.pass(SOME_MS);
    const { record, type } = examination;
    const between = [
      ['pause', COMMANDS.pause()],
      ['step', COMMANDS.step(2)],
      ['reset', COMMANDS.reset()],
      ['step', COMMANDS.step(2)],
      ['resume', COMMANDS.resume()],
    ] as const;
    for (const [name, content] of between) {
      // Paused for good, it would report nothing more.
      if (type.commands.has(name) && (name !== 'pause' || type.commands.has('resume')))
        await examination.answer(content);
    }
    const events = record.events.length;
    await examination.whether(() => record.events.length > events, 10_000);
    await examination.pass(SOME_MS);
  },
};

const section = 'events';

export const IDENTITY_CHECKS: readonly Check[] = [
  {
    id: 'ids-are-unique',
    section,
    title: 'gives each event an id of its own, also after a reset',
    fix: 'Make the ids of a random prefix per process and a counter that a reset does not set back.',
    scene: resetInBetween,
    run({ record }) {
      const ids = record.allEvents.map(({ envelope }) => envelope.eventId);
      // Shoal makes an id for an event that has none.
      const bad = ids.find((id) => id !== '' && !EVENT_ID.test(id));
      expectThat(bad === undefined, 'ids of 1 to 128 printable ASCII characters', () => JSON.stringify(bad));
      const twice = firstRepeated(record.allEvents);
      expectThat(twice === undefined, 'a new id for each event', () => {
        const [first, second] = record.allEvents.filter(({ envelope }) => envelope.eventId === twice);
        return `${twice} at ${Math.round(first?.atMs ?? 0)} ms and again at ${Math.round(second?.atMs ?? 0)} ms`;
      });
    },
  },
  {
    id: 'ids-differ-between-processes',
    section,
    title: 'shares no event id with another process of the same simulation',
    fix: 'Take the prefix of the ids from a random source for each process, not from the simulation, the seed or the worker’s name.',
    scene: { setting: {} },
    async run(examination) {
      const other = await examination.another({ simulationId: examination.simulationId, incarnation: 2 });
      const both = [examination, other];
      await Promise.all(both.map((each) => each.running()));
      await Promise.all(both.map((each) => each.pass(SOME_MS)));
      const [ours = [], theirs = []] = both.map(({ record }) =>
        record.allEvents.map(({ envelope }) => envelope.eventId),
      );
      const known = new Set(theirs);
      const shared = ours.find((id) => id !== '' && known.has(id));
      expectThat(shared === undefined, 'ids that no other process uses', () => `both used ${shared}`);
    },
  },
  {
    id: 'ordinals-rise-by-one',
    section,
    title: 'gives events ordinals that rise by 1, over resets too',
    fix: 'Count the events of the process from 1, and put the count into `ordinal`; a reset does not set it back.',
    scene: resetInBetween,
    run({ record }) {
      const given = ({ envelope }: SeenEvent) => envelope.ordinal !== '0';
      if (!record.allEvents.some(given)) throw new NotApplicable('the worker gives no ordinals');
      const gap = ordinalGap(record.allEvents);
      expectThat(gap === undefined, 'each ordinal one above the one before', () => `${gap}`);
    },
  },
];
