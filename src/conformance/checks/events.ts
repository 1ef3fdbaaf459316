import type { Check } from '../check.ts';
import { expectThat, NotApplicable } from '../finding.ts';
import type { SeenEvent } from '../observations.ts';
import { firstRun } from './first-run.ts';

const NEAR_MS = 60_000;
const EVENT_TYPE_KEY = /^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,15}$/;
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

const section = 'events';

export const EVENT_CHECKS: readonly Check[] = [
  {
    id: 'tells-the-time',
    section,
    title: 'tells in timestamp_ns of each event when it happened, within a minute of now',
    fix: 'Fill in timestamp_ns with nanoseconds (not milliseconds) since the Unix epoch, UTC, when the event happens.',
    scene: firstRun,
    run({ record }) {
      const nowMs = Date.now();
      const events = someEvents(record.events, record.lately());
      // Shoal fills in a timestamp of 0.
      const told = events.filter(({ envelope }) => envelope.timestampNs !== '0');
      if (told.length === 0) throw new NotApplicable('it leaves the time to Shoal');
      const far = told.find(({ envelope }) => Math.abs(Number(envelope.timestampNs) / 1e6 - nowMs) > NEAR_MS);
      expectThat(
        far === undefined,
        'nanoseconds since the Unix epoch, within a minute of now',
        () => `timestamp_ns ${far?.envelope.timestampNs} in ${described(far)}; now is ${nowMs}000000`,
      );
    },
  },
  {
    id: 'reports-declared-events',
    section,
    title: 'reports events of the keys that its type declares, and of no others',
    fix: 'Add the key to `events` of the worker type, or correct it in the worker: 1 to 16 tokens of A-Z a-z 0-9 _ -, joined by dots.',
    scene: firstRun,
    run({ record, type }) {
      const keys = new Set(someEvents(record.events, record.lately()).map(({ envelope }) => envelope.eventTypeKey));
      const malformed = [...keys].filter((key) => !EVENT_TYPE_KEY.test(key) || key.startsWith('orchestrator.'));
      expectThat(malformed.length === 0, 'well-formed keys that are not Shoal’s own', () =>
        malformed.map(quoted).join(', '),
      );
      const declared = type.eventTypeKeys;
      if (declared.length === 0) return;
      const others = [...keys].filter((key) => !declared.includes(key));
      expectThat(others.length === 0, `keys out of ${declared.join(', ')}`, () => others.map(quoted).join(', '));
    },
  },
  {
    id: 'has-routing-attributes',
    section,
    title: 'gives each event the attributes that its subject is built from',
    fix: 'Put them into `attributes` of the event; an event that lacks one is rejected. Values are of A-Z a-z 0-9 _ -.',
    scene: firstRun,
    run({ record, type }) {
      for (const event of someEvents(record.events, record.lately())) {
        const { eventTypeKey, attributes } = event.envelope;
        const { template } = type.routes.find(eventTypeKey);
        const wrong = template.attributes.find((name) => !TOKEN.test(attributes[name] ?? ''));
        expectThat(
          wrong === undefined,
          `attributes ${template.attributes.join(', ')} for the subject ${template.text}`,
          () => `${wrong} is ${quoted(attributes[wrong ?? ''] ?? '')} in ${described(event)}`,
        );
      }
    },
  },
  {
    id: 'numbers-its-batches',
    section: 'batches',
    title: 'numbers its batches 1, 2, 3 and so on within a stream',
    fix: 'Begin each ReportEventBatches stream with sequence 1, and add 1 for each batch; a gap or a repeat ends it.',
    scene: firstRun,
    run({ record }) {
      someEvents(record.events, record.lately());
      for (const { number, batches } of record.eventStreams) {
        const at = batches.findIndex(({ sequence }, index) => sequence !== index + 1);
        expectThat(at < 0, `sequence ${at + 1} for batch ${at + 1} of the stream`, () => {
          const told = batches.slice(0, at + 1).map(({ sequence }) => sequence);
          return `${told.slice(-5).join(', ')} in stream ${number}`;
        });
      }
    },
  },
];

function someEvents(events: readonly SeenEvent[], lately: string): readonly SeenEvent[] {
  expectThat(events.length > 0, 'events while it runs', () => lately);
  return events;
}

function described(event: SeenEvent | undefined): string {
  const { eventTypeKey = '', eventId = '' } = event?.envelope ?? {};
  return `${quoted(eventTypeKey)} (event ${quoted(eventId)})`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
