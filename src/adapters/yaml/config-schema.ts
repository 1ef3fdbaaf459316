import { z } from 'zod';
import { isId } from '../../domain/ids.ts';
import { isSubjectFilter } from '../../domain/routing/subject-filter.ts';
import { compileSubjectTemplate } from '../../domain/routing/subject-template.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import { quoted } from './config-path.ts';
import { connectionsSchema } from './connections-schema.ts';
import { choice, explain, flag, found, text } from './leaf-schemas.ts';
import { limitsSchema } from './limits-schema.ts';
import { parseListenAddress } from './listen-address.ts';
import { messagingSchema } from './messaging-schema.ts';
import { registrySchema } from './registry-schema.ts';
import { retentionSchema } from './retention-schema.ts';
import { list, section } from './section-schemas.ts';
import { shutdownSchema } from './shutdown-schema.ts';
import { workerTypesSchema } from './worker-type-schema.ts';

const LISTEN_RULE = 'an address with a port, such as 127.0.0.1:0 (any free port) or [::1]:50051';

/** `listen` and `insecure` of one server; reachability is judged by the pair, in `config-checks.ts`. */
function listenerSchema(whom: string, fallback: string) {
  return section(`The address for ${whom}.`, {
    listen: text('Where it listens.', LISTEN_RULE, (listen) =>
      parseListenAddress(listen) === undefined ? `${quoted(listen)} is no address; expected ${LISTEN_RULE}` : undefined,
    ).prefault(fallback),
    insecure: flag('Allow plain text on an address that other machines can reach.', false),
  });
}

const ORCHESTRATOR_ID_RULE = '1 to 128 of A-Z a-z 0-9 _ -, beginning with a letter or digit';
const DATA_DIR_RULE = 'a folder; a relative one is resolved against this file';

const KEY_RULE = 'an event key, in which * stands for one token and a final > for the rest';
const SUBJECT_RULE =
  'a subject template that begins with events., such as events.simulation.{simulation_id}.world_state';

const ruleSchema = z.strictObject(
  {
    key: text('The events it is for.', KEY_RULE, (key) =>
      isSubjectFilter(key) ? undefined : `${quoted(key)} matches nothing; expected ${KEY_RULE}`,
    ),
    worker_type: z
      .string(explain('the name of a worker type'))
      .optional()
      .describe('Only events of this worker type; left out: of all.'),
    subject: text('Where they are published.', SUBJECT_RULE, subjectProblem).optional(),
    log: z.boolean(explain('true or false')).optional().describe('Whether they enter the durable log.'),
  },
  explain('a map with key and subject, log or both'),
);

function subjectProblem(subject: string): string | undefined {
  try {
    compileSubjectTemplate(subject);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof ShoalError)) throw thrown;
    return `${thrown.message.replace(/^subject: /, '')}; expected ${SUBJECT_RULE}`;
  }
}

/** The YAML spelling, whole. It reads into numbers, with every default filled in, still under the keys of YAML. */
export const configSchema = section('Configuration of the Shoal daemon.', {
  data_dir: text(
    'Files of the daemon and of its runs. Default: $XDG_STATE_HOME/shoal, else ~/.local/state/shoal.',
    DATA_DIR_RULE,
    dataDirProblem,
  ).optional(),
  orchestrator_id: text(
    'Whose the records of the registry are. Default: one that is made at the first start and kept in data_dir.',
    ORCHESTRATOR_ID_RULE,
    (id) => (isId(id) ? undefined : `${quoted(id)} is no id; expected ${ORCHESTRATOR_ID_RULE}`),
  ).optional(),
  grpc: section('gRPC servers.', {
    worker: listenerSchema('workers', '127.0.0.1:50051'),
    client: listenerSchema('clients and administration', '127.0.0.1:50050'),
    connections: connectionsSchema,
  }),
  http: listenerSchema('/metrics, /healthz and /readyz', '127.0.0.1:9464'),
  messaging: messagingSchema,
  registry: registrySchema,
  worker_types: workerTypesSchema,
  routing: section('Where events go, over what plugins say.', {
    rules: list(
      'For subject and for log, each by itself, the first rule that matches and names it counts.',
      ruleSchema,
      { max: 1000 },
    ),
  }),
  limits: limitsSchema,
  retention: retentionSchema,
  shutdown: shutdownSchema,
  auth: section('Who may call.', {
    workers: choice(
      'token (each worker shows the token it was launched with) or off (only where the worker address is loopback).',
      ['token', 'off'],
      'token',
    ),
  }),
  logging: section("The daemon's own log, on stderr.", {
    level: choice(
      'The least that is written: trace, debug, info, warn, error, fatal or silent.',
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'info',
    ),
    format: choice('json, pretty, or auto: pretty on a terminal, else json.', ['auto', 'json', 'pretty'], 'auto'),
  }),
});

/** A configuration in the spelling of YAML, read and complete. */
export type ParsedConfig = z.output<typeof configSchema>;

function dataDirProblem(dir: string): string | undefined {
  if (dir === '' || dir.includes('\0')) return `${found(dir)}; expected ${DATA_DIR_RULE}`;
  return dir.startsWith('~')
    ? `${quoted(dir)} begins with ~, which is not expanded; expected ${DATA_DIR_RULE}`
    : undefined;
}
