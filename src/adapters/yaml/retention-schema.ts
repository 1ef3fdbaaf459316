import { z } from 'zod';
import { byteSize, duration } from './leaf-schemas.ts';
import { section } from './section-schemas.ts';

const bounded = section(
  'What is kept in data_dir. `none` stands for all of it for ever: max_age 0s and max_bytes 0 throughout.',
  {
    events: section(
      'The event log in data_dir. Without one it is refused: see messaging.nats.stream for adapter nats; durability memory keeps the latest 64 MiB or 250,000 events.',
      {
        max_age: duration('Older events go; 0s: they are kept for ever.', {
          min: '0ms',
          max: '36500d',
          fallback: '7d',
        }),
        max_bytes: byteSize('On disk, indexes included; beyond this the oldest events go; 0: without a bound.', {
          min: '0',
          max: '1024TiB',
          fallback: '4GiB',
        }),
      },
    ),
    simulations: section('Records of simulations that are over; limits.max_final_simulations bounds their number.', {
      max_age: duration('Older records go; 0s: they are kept for ever.', {
        min: '0ms',
        max: '36500d',
        fallback: '30d',
      }),
    }),
  },
  ', or none',
);

const UNBOUNDED = { events: { max_age: '0s', max_bytes: 0 }, simulations: { max_age: '0s' } };

export const retentionSchema = z
  .preprocess((input) => (input === 'none' ? UNBOUNDED : input), bounded)
  .prefault({})
  // Both spellings, for editors; a pattern is for texts alone.
  .meta({ description: bounded.description, type: ['object', 'string'], pattern: '^none$' });
