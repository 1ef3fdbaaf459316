import { InMemoryEventBus } from '../../../src/adapters/memory/in-memory-event-bus.ts';
import { InMemoryEventLog } from '../../../src/adapters/memory/in-memory-event-log.ts';
import { describeEventBus } from './event-bus-suite.ts';
import { describeEventLog } from './event-log-suite.ts';
import { RecordingLog } from './recording-log.ts';

describeEventBus('in-memory event bus', async () => {
  const log = new RecordingLog();
  const bus = new InMemoryEventBus(log);
  await bus.start();
  return { bus, log, close: () => bus.stop() };
});

describeEventLog('in-memory event log', async () => {
  const log = new InMemoryEventLog({ maxBytes: 10_000_000 });
  await log.start();
  return { log, tooManyBytes: 10_000_001, stored: async () => [...log.read(0)], close: () => log.stop() };
});
