import { MAX_COUNTED_KEYS, OTHER_KEYS } from '../../domain/ledger/ledger-state.ts';
import { MANIFEST_KEY } from '../../domain/ledger/manifest.ts';
import { OrdinalSet } from '../../domain/ledger/ordinal-set.ts';
import { type Manifest, readManifest } from './manifest-payload.ts';

/** A logged event as a reader gets it. */
export interface LoggedEvent {
  readonly eventId: string;
  readonly eventTypeKey: string;
  readonly sourceWorkerId: string;
  /** 0: none. */
  readonly ordinal: number;
  readonly payload: Uint8Array;
  readonly logSequence: number;
  /** 0: none. */
  readonly simulationSequence: number;
}

export interface Finding {
  readonly verdict: 'COMPLETE' | 'INCOMPLETE' | 'RUNNING';
  /** Why it is not complete. */
  readonly reasons: readonly string[];
  /** What is worth knowing and no fault. */
  readonly notes: readonly string[];
  readonly events: number;
  readonly firstLogSequence: number;
  readonly lastLogSequence: number;
  readonly lastSimulationSequence: number;
}

/** Ids kept to compare; some 100 bytes each. Of more events, those with ordinals are told apart by these. */
const MAX_IDS = 500_000;
/** Of one sort; more are counted. */
const MAX_EXAMPLES = 5;

/** Whether the log has all events of one simulation, each once, by their running sequence, their ordinals and the manifest. */
export class LogCheck {
  readonly #seen = new OrdinalSet();
  readonly #ordinals = new Map<string, OrdinalSet>();
  readonly #ids = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #examples = new Map<string, { count: number; texts: string[] }>();
  readonly #notes = new Set<string>();
  #manifest: Manifest | undefined;
  #events = 0;
  #first = 0;
  #last = 0;
  #lowestNumber = 0;

  get isEmpty(): boolean {
    return this.#events === 0 && this.#manifest === undefined;
  }

  take(event: LoggedEvent): void {
    const { eventId, eventTypeKey, logSequence, simulationSequence } = event;
    if (this.#manifest !== undefined) this.#fault('behind the manifest', eventId);
    this.#takeId(event);
    if (simulationSequence === 0) this.#notes.add('some events have no running sequence: an older Shoal logged them');
    else this.#takeNumber(simulationSequence);
    if (eventTypeKey === MANIFEST_KEY) {
      this.#manifest = readManifest(event.payload);
      if (this.#manifest === undefined) this.#fault('manifest that cannot be read', eventId);
      return;
    }
    this.#events += 1;
    this.#first ||= logSequence;
    this.#last = logSequence;
    this.#counts.set(eventTypeKey, (this.#counts.get(eventTypeKey) ?? 0) + 1);
    this.#takeOrdinal(event);
  }

  /** `goesOn`: more may come, the manifest too. */
  finding(goesOn: boolean): Finding {
    const manifest = this.#manifest;
    if (this.#lowestNumber > 1) {
      this.#fault(
        'the beginning is gone, removed by retention or lost',
        `running sequences ${span(1, this.#lowestNumber - 1)}`,
      );
    }
    this.#compareGaps(manifest, goesOn);
    if (manifest !== undefined) this.#compare(manifest);
    else if (!goesOn) this.#fault('the manifest is missing', 'nothing says how many events there were');
    const reasons = [...this.#examples].map(([what, { count, texts }]) => reason(what, count, texts));
    const whole = manifest === undefined ? 'RUNNING' : 'COMPLETE';
    return {
      verdict: reasons.length > 0 ? 'INCOMPLETE' : whole,
      reasons,
      notes: [...this.#notes],
      events: this.#events,
      firstLogSequence: this.#first,
      lastLogSequence: this.#last,
      lastSimulationSequence: this.#seen.highest,
    };
  }

  #takeId({ eventId, ordinal }: LoggedEvent): void {
    if (this.#ids.has(eventId)) this.#fault('logged twice', eventId);
    else if (this.#ids.size < MAX_IDS) this.#ids.add(eventId);
    else if (ordinal === 0)
      this.#notes.add(`ids were compared of the first ${MAX_IDS} events; those behind have no ordinal`);
  }

  #takeNumber(number: number): void {
    if (this.#seen.has(number)) this.#fault('running sequence given twice', String(number));
    else if (number < this.#seen.highest) this.#fault('running sequence out of order', String(number));
    this.#lowestNumber = this.#lowestNumber === 0 ? number : Math.min(this.#lowestNumber, number);
    this.#seen.add(number);
  }

  /** Two streams of one worker have no order between them. */
  #takeOrdinal({ sourceWorkerId, ordinal, eventId }: LoggedEvent): void {
    if (ordinal === 0) return;
    const known = this.#ordinals.get(sourceWorkerId) ?? new OrdinalSet();
    this.#ordinals.set(sourceWorkerId, known);
    if (known.has(ordinal)) this.#fault('ordinal logged twice', `${ordinal} of ${sourceWorkerId} (${eventId})`);
    else if (ordinal < known.highest)
      this.#notes.add(`events of ${sourceWorkerId} do not stand in the order of their ordinals`);
    known.add(ordinal);
  }

  #compareGaps(manifest: Manifest | undefined, goesOn: boolean): void {
    const { intervals } = this.#seen;
    const unexplained: string[] = [];
    for (let at = 1; at + 1 < intervals.length; at += 2) {
      const first = (intervals[at] as number) + 1;
      const last = (intervals[at + 1] as number) - 1;
      if (manifest?.explains(first, last)) continue;
      unexplained.push(span(first, last));
    }
    const what = 'running sequences are missing';
    if (manifest !== undefined || !goesOn) for (const each of unexplained) this.#fault(what, each);
    else if (unexplained.length > 0) {
      const examples = unexplained.slice(0, MAX_EXAMPLES);
      this.#notes.add(`${reason(what, unexplained.length, examples)}; the manifest may explain it`);
    }
  }

  #compare(manifest: Manifest): void {
    for (const [first, last] of manifest.missing) {
      this.#fault('missing from the log already when Shoal read it again', `running sequences ${span(first, last)}`);
    }
    for (const [key, count] of Object.entries(manifest.events)) {
      const found = key === OTHER_KEYS ? this.#countOthers(manifest) : (this.#counts.get(key) ?? 0);
      if (found !== count)
        this.#fault('another number of events', `${key}: ${found} in the log, ${count} by the manifest`);
    }
    if (Object.keys(manifest.events).length < MAX_COUNTED_KEYS) {
      for (const [key, count] of this.#counts)
        if (!(key in manifest.events)) this.#fault('a key that the manifest does not have', `${key} (${count} events)`);
    }
    const { firstLogSequence, lastLogSequence } = manifest;
    if (firstLogSequence !== this.#first || lastLogSequence !== this.#last) {
      const found = `${this.#first} to ${this.#last}`;
      this.#fault('another place in the log', `${found}, by the manifest ${firstLogSequence} to ${lastLogSequence}`);
    }
  }

  #countOthers({ events }: Manifest): number {
    let count = 0;
    for (const [key, found] of this.#counts) if (!(key in events)) count += found;
    return count;
  }

  #fault(what: string, example: string): void {
    const known = this.#examples.get(what) ?? { count: 0, texts: [] };
    this.#examples.set(what, known);
    known.count += 1;
    if (known.texts.length < MAX_EXAMPLES) known.texts.push(example);
  }
}

function span(first: number, last: number): string {
  return first === last ? String(first) : `${first} to ${last}`;
}

function reason(what: string, count: number, texts: readonly string[]): string {
  const more = count > texts.length ? ` and ${count - texts.length} more` : '';
  return `${what}: ${texts.join(', ')}${more}`;
}
