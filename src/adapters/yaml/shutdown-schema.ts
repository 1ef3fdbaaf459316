import { duration } from './leaf-schemas.ts';
import { section } from './section-schemas.ts';

export const shutdownSchema = section('What SIGTERM and SIGINT do to the simulations.', {
  drain: duration('They may end by themselves for so long, and no new ones are taken; then they are stopped.', {
    min: '0ms',
    max: '7d',
    fallback: '0s',
  }),
  timeout: duration(
    'The whole stop, drain included; graces of workers are cut to fit. The service manager must allow a few seconds more.',
    { min: '1s', max: '8d', fallback: '25s' },
  ),
});
