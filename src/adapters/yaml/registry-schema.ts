import { quoted } from './config-path.ts';
import { choice, text, wholeNumber } from './leaf-schemas.ts';
import { section } from './section-schemas.ts';

const BUCKET_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const BUCKET_RULE = '1 to 64 of A-Z a-z 0-9 _ -';

export const registrySchema = section('Where simulations are remembered.', {
  store: choice(
    'local (a file in data_dir), jetstream (a key-value bucket of the NATS server) or auto: jetstream with messaging.adapter nats, unless messaging.durability is memory; else local.',
    ['auto', 'local', 'jetstream'],
    'auto',
  ),
  bucket: text('The bucket; daemons may share it, and one that exists is checked and used.', BUCKET_RULE, (name) =>
    BUCKET_NAME.test(name) ? undefined : `${quoted(name)} is no bucket name; expected ${BUCKET_RULE}`,
  ).prefault('shoal_registry'),
  replicas: wholeNumber('Copies in a cluster, when the bucket is made.', { min: 1, max: 5, fallback: 1 }),
});
