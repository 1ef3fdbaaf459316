import { byteSize, duration, wholeNumber } from './leaf-schemas.ts';
import { section } from './section-schemas.ts';

const MILLION = 1_000_000;

export const limitsSchema = section('Bounds of the whole daemon.', {
  max_simulations: wholeNumber('Simulations at once that are not final.', { min: 1, max: 100_000, fallback: 1000 }),
  max_final_simulations: wholeNumber('Final simulations kept before the oldest are forgotten.', {
    min: 0,
    max: MILLION,
    fallback: 1000,
  }),
  max_event_bytes: byteSize(
    'One event, its envelope included; a NATS server may lower it to its max_payload less 8 KiB.',
    {
      min: '1KiB',
      max: '64MiB',
      fallback: '1040384',
    },
  ),
  max_batch_events: wholeNumber('Events in one message of ReportEventBatches.', {
    min: 1,
    max: 100_000,
    fallback: 1024,
  }),
  max_batch_bytes: byteSize('One message of ReportEventBatches; at least max_event_bytes.', {
    min: '1KiB',
    max: '256MiB',
    fallback: '3MiB',
  }),
  max_in_flight_batches: wholeNumber('Batches of one stream that are not acknowledged yet.', {
    min: 1,
    max: 1024,
    fallback: 8,
  }),
  max_streams_per_connection: wholeNumber('Calls at once on one gRPC connection.', {
    min: 1,
    max: 100_000,
    fallback: 256,
  }),
  max_subscriptions: wholeNumber(
    'Calls at once of SubscribeToEvents, WatchSimulations and ReadWorkerOutput, of all clients together.',
    { min: 1, max: 100_000, fallback: 4096 },
  ),
  max_starting: wholeNumber('Simulations at once that are PENDING or STARTING.', {
    min: 1,
    max: 100_000,
    fallback: 1000,
  }),
  command_timeout: duration('How long a command may take when its request does not say.', {
    min: '10ms',
    max: '1d',
    fallback: '10s',
  }),
  heartbeat_interval: duration('Asked of workers; one that has sent heartbeats and then misses three has failed.', {
    min: '100ms',
    max: '1h',
    fallback: '5s',
  }),
  max_run_config_bytes: byteSize("A run's configuration, in StartSimulation.", {
    min: '1KiB',
    max: '64MiB',
    fallback: '1MiB',
  }),
  max_labels: wholeNumber('Labels of one simulation.', { min: 0, max: 1024, fallback: 32 }),
  output_lines: wholeNumber('Lines of output kept of one worker.', { min: 1, max: MILLION, fallback: 1000 }),
  output_line_bytes: byteSize('A longer line of output is cut.', { min: '80', max: '1MiB', fallback: '4KiB' }),
});
