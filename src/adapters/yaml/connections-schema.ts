import { duration, wholeNumber } from './leaf-schemas.ts';
import { section } from './section-schemas.ts';

export const connectionsSchema = section('The connections of each of the two gRPC addresses.', {
  max: wholeNumber('At once; more are closed as they come.', { min: 1, max: 100_000, fallback: 4096 }),
  idle: duration('A connection without a call is closed after this time; gRPC opens another with the next call.', {
    min: '100ms',
    max: '36500d',
    fallback: '10m',
  }),
  ping_interval: duration('How often a peer that says nothing is asked whether it is there.', {
    min: '100ms',
    max: '1d',
    fallback: '30s',
  }),
  ping_timeout: duration('A peer that has not answered by then is let go.', {
    min: '100ms',
    max: '1h',
    fallback: '10s',
  }),
});
