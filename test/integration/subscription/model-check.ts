import { expect } from 'vitest';
import type { SubscriptionRequest } from '../../../src/domain/subscription/subscription-plan.ts';
import type { EventArchive, StoredEntry } from '../../../src/ports/event-archive.ts';
import { Dice } from '../../support/fakes/dice.ts';
import { fakeWorkerType } from '../../support/fakes/fake-worker-type.ts';
import { envelope, readEnvelope } from '../../support/fakes/messages.ts';
import type { EventWorld } from '../../support/subscription/event-world.ts';
import { Reader, type SubscribedEvent } from '../../support/subscription/reader.ts';

const LOGGED_KEYS = ['sim.world_state.v1', 'sim.score.v1', 'reef.bubble'];
const LIVE_KEY = 'sim.quiet.v1';
const ZONES = ['north', 'south', 'deep'];
const SIMULATIONS = Array.from({ length: 8 }, (_, at) => ({ id: `s${at}`, labels: { group: `g${at % 3}` } }));

export const modelTypes = [fakeWorkerType('fish', { events: [{ key: LIVE_KEY, log: false }] })];

export interface ModelPlan {
  readonly seed: number;
  readonly events: number;
  readonly readers: number;
}

/** What a reader may ask for, and the same said in another way. */
interface Wish {
  readonly request: Partial<SubscriptionRequest>;
  readonly wants: (event: { readonly simulationId: string; readonly key: string; readonly zone: string }) => boolean;
}

const WISHES: readonly Wish[] = [
  { request: {}, wants: () => true },
  { request: { simulationId: 's1' }, wants: ({ simulationId }) => simulationId === 's1' },
  { request: { simulationIds: ['s2', 's5', 's7'] }, wants: ({ simulationId }) => /s[257]/.test(simulationId) },
  { request: { eventTypeKeys: ['sim.world_state.v1'] }, wants: ({ key }) => key === 'sim.world_state.v1' },
  { request: { eventTypeKeys: ['sim.*.v1'] }, wants: ({ key }) => key.startsWith('sim.') },
  { request: { eventTypeKeys: ['reef.>', 'nothing'] }, wants: ({ key }) => key.startsWith('reef.') },
  { request: { labelSelector: 'group in (g0,g2)' }, wants: ({ simulationId }) => Number(simulationId[1]) % 3 !== 1 },
  { request: { attributes: { zone: 'deep' } }, wants: ({ zone }) => zone === 'deep' },
  {
    request: { simulationIds: ['s0', 's3', 's4'], eventTypeKeys: ['sim.>'], attributes: { zone: 'north' } },
    wants: ({ simulationId, key, zone }) => /s[034]/.test(simulationId) && key.startsWith('sim.') && zone === 'north',
  },
];

/** One that reads, stalls, leaves and comes back, and never wants to miss or repeat what is logged. */
class Wanderer {
  readonly wish: Wish;
  readonly seen: SubscribedEvent[] = [];
  /** Everything behind the first was to be seen, nothing up to the second. */
  firstOwed = 0;
  lastUnowed = 0;
  readonly #world: EventWorld;
  readonly #dice: Dice;
  #reader: Reader | undefined;
  #position = 0;

  constructor(world: EventWorld, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
    this.wish = dice.pick(WISHES);
  }

  async come(): Promise<void> {
    const now = this.#dice.chance(0.5);
    this.lastUnowed = now ? await this.#world.archive.lastSequence() : 0;
    await this.#subscribe(now ? 'now' : 'beginning');
    this.firstOwed = now ? await this.#world.archive.lastSequence() : 0;
  }

  async act(): Promise<void> {
    const throwOf = this.#dice.next();
    if (throwOf < 0.3) this.#reader?.stall();
    else if (throwOf < 0.8) this.#reader?.resume();
    else {
      await this.#leave();
      await this.#subscribe({ sequence: this.#position + 1 });
    }
  }

  /** Reads on to the end of the log, as somebody does who does not wait for more. */
  async finish(): Promise<void> {
    await this.#leave();
    const last = new Reader(this.#world.subscriptions, {
      ...this.wish.request,
      start: { sequence: this.#position + 1 },
      follow: false,
    });
    expect(await last.ended).toBeUndefined();
    for (const event of last.events) this.seen.push(event);
  }

  async #subscribe(start: SubscriptionRequest['start']): Promise<void> {
    const burst = this.#dice.upTo(400) + 1;
    this.#reader = new Reader(this.#world.subscriptions, { ...this.wish.request, start }, () => burst);
    await this.#reader.live;
  }

  async #leave(): Promise<void> {
    const reader = this.#reader;
    await reader?.leave();
    const events = reader?.events ?? [];
    for (const event of events) this.seen.push(event);
    this.#position = events.findLast(({ logSequence }) => logSequence > 0)?.logSequence ?? this.#position;
    if (this.#position === 0) this.#position = this.firstOwed;
  }
}

/**
 * Lets readers come, stall, leave and come back at random while events flow, and holds what they saw against the log.
 */
export async function checkModel(world: EventWorld, { seed, events, readers }: ModelPlan): Promise<void> {
  const dice = new Dice(seed);
  for (const { id, labels } of SIMULATIONS) await world.begin(id, 'fish', labels);
  const wanderers: Wanderer[] = [];
  let counter = 0;
  const underWay: Promise<void>[] = [];
  while (counter < events) {
    const { id } = dice.pick(SIMULATIONS);
    const batch = Array.from({ length: 50 + dice.upTo(150) }, (_, at) => nextEvent(dice, id, counter + at));
    counter += batch.length;
    underWay.push(world.report(id, batch));
    if (underWay.length >= 8) await underWay.shift();
    if (wanderers.length < readers && dice.chance((200 * readers) / events)) {
      const wanderer = new Wanderer(world, dice);
      wanderers.push(wanderer);
      await wanderer.come();
    }
    if (wanderers.length > 0 && dice.chance(0.5)) await dice.pick(wanderers).act();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(underWay);
  for (const wanderer of wanderers) await wanderer.finish();
  const log = (await wholeLog(world.archive)).map(facts);
  expect(wanderers.length).toBeGreaterThan(readers / 2);
  for (const wanderer of wanderers) compare(wanderer, log);
}

function nextEvent(dice: Dice, simulationId: string, counter: number): Buffer {
  const eventTypeKey = dice.chance(0.2) ? LIVE_KEY : dice.pick(LOGGED_KEYS);
  return envelope({ eventId: `e${counter}`, eventTypeKey, simulationId, attributes: { zone: dice.pick(ZONES) } });
}

async function wholeLog(archive: EventArchive): Promise<StoredEntry[]> {
  const { signal } = new AbortController();
  const reader = await archive.open({ from: { sequence: 1 } });
  const entries: StoredEntry[] = [];
  for (let page = await reader.next({ wait: false, signal }); page.length > 0; ) {
    entries.push(...page);
    page = await reader.next({ wait: false, signal });
  }
  await reader.close();
  return entries;
}

interface Facts {
  readonly sequence: number;
  readonly simulationId: string;
  readonly key: string;
  readonly zone: string;
}

function facts({ sequence, simulationId, eventTypeKey: key, bytes }: StoredEntry): Facts {
  return { sequence, simulationId, key, zone: readEnvelope(bytes).attributes['zone'] ?? '' };
}

function compare({ wish, seen, firstOwed, lastUnowed }: Wanderer, log: readonly Facts[]): void {
  const wanted = log.filter(wish.wants).map(({ sequence }) => sequence);
  const logged = seen.map(({ logSequence }) => logSequence).filter((sequence) => sequence > 0);
  const first = logged[0] ?? Number.POSITIVE_INFINITY;
  expect(first).toBeGreaterThan(lastUnowed);
  // toEqual of long arrays takes its time: the first difference says more.
  const owed = wanted.filter((sequence) => sequence >= Math.min(first, firstOwed + 1));
  expect(logged.length).toBe(owed.length);
  expect(logged.findIndex((sequence, at) => sequence !== owed[at])).toBe(-1);
  const live = seen.filter(({ logSequence }) => logSequence === 0).map(({ bytes }) => readEnvelope(bytes));
  expect(new Set(live.map(({ eventId }) => eventId)).size).toBe(live.length);
  for (const { eventTypeKey: key, simulationId, attributes } of live) {
    expect(key).toBe(LIVE_KEY);
    if (!wish.wants({ simulationId, key, zone: attributes['zone'] ?? '' })) expect.fail(`not wanted: ${simulationId}`);
  }
}
