import { InMemoryEventLog, type InMemoryEventLogOptions } from '../../../src/adapters/memory/in-memory-event-log.ts';
import { describeArchiveRetention } from './archive-retention-suite.ts';
import { describeEventArchive, type OpenArchive } from './event-archive-suite.ts';

async function open(options: InMemoryEventLogOptions = {}): Promise<OpenArchive> {
  const log = new InMemoryEventLog(options);
  await log.start();
  return { log, archive: log, stop: () => log.stop(), close: () => log.stop() };
}

describeEventArchive('in-memory event archive', () => open());
describeArchiveRetention('in-memory event archive with retention', () => open({ maxEntries: 1_000 }));
