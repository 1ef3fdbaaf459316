/** What is known for certain of the events of one simulation, up to a place in the log. Plain data: it is kept as a checkpoint. */
export interface LedgerState {
  /** Of the log in which {@link place} is. */
  readonly logIdentity: string;
  /** Log sequence up to which all entries of the simulation are in these figures. */
  readonly place: number;
  /** Log sequences of its first and its last event; 0 while there is none. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** The running sequence given last; 0 before the first. */
  readonly lastNumber: number;
  /** Intervals of running sequences that no entry of the log has, for the log refused theirs or had it already. */
  readonly unused: readonly number[];
  /** Intervals of running sequences that were given and not found when the log was read again. */
  readonly missing: readonly number[];
  /** Logged events by key; of keys beyond {@link MAX_COUNTED_KEYS}, under {@link OTHER_KEYS}. */
  readonly logged: Readonly<Record<string, number>>;
  readonly received: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** Logged, while the live message was given up. */
  readonly dropped: number;
  /** Done ordinals by worker, as intervals; those of the latest workers. */
  readonly ordinals: Readonly<Record<string, readonly number[]>>;
  /** Its manifest is in the log: nothing comes any more. */
  readonly isClosed: boolean;
}

export const EMPTY_LEDGER: LedgerState = {
  logIdentity: '',
  place: 0,
  firstSequence: 0,
  lastSequence: 0,
  lastNumber: 0,
  unused: [],
  missing: [],
  logged: {},
  received: 0,
  rejected: 0,
  duplicates: 0,
  dropped: 0,
  ordinals: {},
  isClosed: false,
};

/** What was kept, if this is one. */
export function asLedgerState(kept: unknown): LedgerState | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const fields = kept as Record<string, unknown>;
  const fits = Object.entries(EMPTY_LEDGER).every(([name, empty]) => isLike(fields[name], empty));
  return fits ? (fields as unknown as LedgerState) : undefined;
}

/** Lists and records hold counts and places, or lists of them. */
function isLike(value: unknown, empty: unknown): boolean {
  if (typeof empty === 'number') return Number.isSafeInteger(value);
  if (typeof empty !== 'object') return typeof value === typeof empty;
  if (Array.isArray(empty) !== Array.isArray(value) || typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((each) => isLike(each, Array.isArray(each) ? [] : 0));
}

/** A worker may invent event keys. */
export const MAX_COUNTED_KEYS = 1_024;
/** Of those keys together: the manifest has to fit into a message. */
export const MAX_COUNTED_KEY_BYTES = 64 * 1024;
/** No event key: those have no blank. */
export const OTHER_KEYS = 'all others';
