import type { StoredEntry } from '../../ports/event-archive.ts';
import { EnvelopeView } from '../envelope/envelope-view.ts';
import { MANIFEST_KEY } from '../ledger/manifest.ts';
import type { LoggedEvents } from './event-delivery.ts';
import type { EventFacts } from './event-filter.ts';
import type { EventRoutes } from './event-routes.ts';
import type { LogSource } from './log-source.ts';
import type { WaitingEvent } from './waiting-event.ts';

/** An entry of the log, whose envelope is read only when somebody asks for an attribute. */
class EntryFacts implements EventFacts {
  readonly #view = new EnvelopeView();
  #entry: StoredEntry | undefined;
  #isScanned = false;

  use(entry: StoredEntry): this {
    this.#entry = entry;
    this.#isScanned = false;
    return this;
  }

  get simulationId(): string {
    return this.#entry?.simulationId ?? '';
  }

  get eventTypeKey(): string {
    return this.#entry?.eventTypeKey ?? '';
  }

  readonly attribute = (name: string): string | undefined => {
    if (!this.#isScanned && this.#entry !== undefined) this.#view.scan(this.#entry.bytes);
    this.#isScanned = true;
    return this.#view.attribute(name);
  };
}

/** The entries of the log that the subscriber wants, as it gets them. */
export class WantedLog implements LoggedEvents {
  readonly #source: LogSource;
  readonly #wants: (event: EventFacts) => boolean;
  readonly #routes: EventRoutes;
  readonly #facts = new EntryFacts();
  #found: WaitingEvent | undefined;

  constructor(source: LogSource, wants: (event: EventFacts) => boolean, routes: EventRoutes) {
    this.#source = source;
    this.#wants = wants;
    this.#routes = routes;
  }

  get isAtEnd(): boolean {
    return this.#found === undefined && this.#source.isAtEnd;
  }

  peek(): WaitingEvent | undefined {
    while (this.#found === undefined) {
      const entry = this.#source.peek();
      if (entry === undefined) return undefined;
      if (this.#wants(this.#facts.use(entry))) this.#found = this.#event(entry);
      else this.#source.advance();
    }
    return this.#found;
  }

  advance(): void {
    this.#found = undefined;
    this.#source.advance();
  }

  ask(): void {
    this.#source.ask();
  }

  #event({ simulationId, eventTypeKey, bytes, sequence, simulationSequence }: StoredEntry): WaitingEvent {
    // The manifest is not published.
    const isManifest = eventTypeKey === MANIFEST_KEY;
    const subject = isManifest ? '' : this.#routes.subjectOf(simulationId, eventTypeKey, this.#facts.attribute);
    return { simulationId, eventTypeKey, subject, bytes, logSequence: sequence, simulationSequence };
  }
}
