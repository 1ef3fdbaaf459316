import { once } from 'node:events';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EventQuality } from '../../adapters/grpc/generated/fes/orchestration/v1/EventQuality.ts';
import type { SubscribeToEventsRequest } from '../../adapters/grpc/generated/fes/orchestration/v1/SubscribeToEventsRequest.ts';
import type { SubscribeToEventsResponseOutput } from '../../adapters/grpc/generated/fes/orchestration/v1/SubscribeToEventsResponse.ts';
import type { Timestamp } from '../../adapters/grpc/generated/google/protobuf/Timestamp.ts';
import { printable } from '../../adapters/yaml/config-path.ts';
import { parseDuration } from '../../adapters/yaml/duration.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { note } from '../note.ts';
import { collectPairs, collectQualities, collectTexts, uint64Value } from '../option-values.ts';
import { type Session, withSession } from '../session.ts';
import type { Style } from '../style.ts';

interface EventFlags {
  readonly key?: readonly string[];
  readonly attribute?: readonly [string, string][];
  readonly label?: readonly string[];
  readonly fromBeginning?: boolean;
  readonly from?: string;
  readonly since?: number;
  readonly follow: boolean;
  readonly quality?: readonly EventQuality[];
}

const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

export function defineEvents(command: Command, host: CliHost): void {
  command
    .summary('watch events, and read those that were logged')
    .description(
      'Print events: from now on, or from an earlier place in the log; of some simulations until they have ended, or of all.',
    )
    .argument('[id...]', 'ids of simulations; one that is not there yet is waited for (default: all)')
    .option(
      '--key <pattern>',
      "only events with this key, such as 'sim.*.v1' or 'sim.>'; may be repeated",
      collectTexts,
    )
    .option(
      '--attribute <name=value>',
      'only events with this attribute; all must match; may be repeated',
      collectPairs,
    )
    .option(
      '--label <selector>',
      'only of simulations with these labels, such as owner=me; may be repeated',
      collectTexts,
    )
    .addOption(
      new Option(
        '--quality <key=amount>',
        "how much of some keys: all, latest (of what waits), or a rate for each simulation; 'sim.>=10hz'; the first that names a key counts",
      ).argParser(collectQualities),
    )
    .addOption(
      new Option('--from-beginning', 'begin with the first event that the log has').conflicts(['from', 'since']),
    )
    .addOption(
      new Option('--from <sequence>', 'begin at this place in the log').argParser(uint64Value).conflicts('since'),
    )
    .addOption(
      new Option('--since <time>', 'begin with what was logged then: 10m (ago), 2026-01-31T18:00:00Z').argParser(
        sinceValue,
      ),
    )
    .option('--no-follow', 'end at the end that the log has now')
    .action((ids: readonly string[], flags: EventFlags) =>
      withSession(host, command, (session) => printEvents(session, ids, flags)),
    );
}

/** In ms since the Unix epoch. @throws InvalidArgumentError */
export function sinceValue(text: string): number {
  const agoMs = parseDuration(text);
  if (agoMs !== undefined) return Date.now() - agoMs;
  const timeMs = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs)) {
    throw new InvalidArgumentError(
      'Expected how long ago, such as 90s or 2h, or a time, such as 2026-01-31T18:00:00Z or 2026-01-31.',
    );
  }
  return timeMs;
}

async function printEvents(session: Session, ids: readonly string[], flags: EventFlags): Promise<void> {
  for (const id of ids) await noteUnknown(session, id, flags.follow);
  let dropped = '0';
  let count = 0;
  for await (const { message, json } of session.client.stream('SubscribeToEvents', requestOf(ids, flags))) {
    await session.printStreamed({ text: () => eventLine(session.style, message), json });
    if (message.dropped !== dropped) note(session.host, `too slow: ${message.dropped} events dropped so far`);
    dropped = message.dropped;
    count += 1;
    await room(session.host);
  }
  if (count === 0 && !flags.follow && session.format === 'table') session.host.stderr.write('no events\n');
}

function requestOf(ids: readonly string[], flags: EventFlags): SubscribeToEventsRequest {
  const { key = [], attribute = [], label = [], quality = [], fromBeginning, from, since, follow } = flags;
  const [one = ''] = ids;
  return {
    ...(ids.length === 1 && one !== '' ? { simulationId: one } : { simulationIds: [...ids] }),
    eventTypeKeys: [...key],
    attributes: Object.fromEntries(attribute),
    labelSelector: label.join(','),
    noFollow: !follow,
    qualities: [...quality],
    ...(fromBeginning === true ? { fromBeginning } : {}),
    ...(from === undefined ? {} : { fromSequence: from }),
    ...(since === undefined ? {} : { fromTime: timestampOf(since) }),
  };
}

function timestampOf(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1_000);
  return { seconds: String(seconds), nanos: (ms - seconds * 1_000) * 1_000_000 };
}

/** To wait for one that is not there yet is what was asked for; of a mistyped id, too, nothing else would ever be heard. */
async function noteUnknown({ host, client }: Session, simulationId: string, follow: boolean): Promise<void> {
  try {
    await client.call('GetSimulationStatus', { simulationId });
  } catch (thrown) {
    if (!(thrown instanceof CliError) || thrown.reason !== 'SIMULATION_NOT_FOUND') throw thrown;
    note(
      host,
      `there is no simulation ${simulationId}${follow ? ' yet; waiting for it' : ''} (\`shoal ls\` lists those that there are)`,
    );
  }
}

/** Whoever reads our output slowly is read to slowly: nothing piles up here. */
async function room({ stdout, interrupts }: CliHost): Promise<void> {
  if (!stdout.writableNeedDrain) return;
  // Output that fails, and an interrupt, end the command elsewhere.
  await once(stdout, 'drain', { signal: interrupts.signal }).catch(() => {});
}

function eventLine({ dim, cyan }: Style, { event, logSequence }: SubscribeToEventsResponseOutput): string {
  if (event === null) return '';
  const { timestampNs, simulationId, eventTypeKey, eventPayload, attributes } = event;
  const time = new Date(Number(BigInt(timestampNs) / 1_000_000n)).toISOString();
  const place = logSequence === '0' ? '-' : logSequence;
  const named = Object.entries(attributes).map(([name, value]) => printable(`${name}=${value}`));
  const size = `${eventPayload.length} B`;
  return [dim(time), dim(place), printable(simulationId), cyan(printable(eventTypeKey)), size, ...named].join('  ');
}
