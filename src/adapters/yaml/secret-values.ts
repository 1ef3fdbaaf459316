import type { ConfigNode } from './config-node.ts';
import { type ConfigPath, formatPath } from './config-path.ts';
import type { ProblemList, SourceLocation } from './config-problem.ts';

/** What the last word of a key says of its value: `API_TOKEN`, `dbPassword`, `client-secret`, `private_key`. */
const SECRET_KEY = /(password|passwd|passphrase|secret|token|credentials|(api|access|private|signing)[_-]?key)$/i;
/** A password in a URL of any kind, or the token that a NATS URL may hold alone. */
const SECRET_URL = /^(\w[\w+.-]*:\/\/[^/?#@\s]*:[^/?#@\s]+|(nats|tls|wss?):\/\/[^/?#@\s]+)@/i;

/** Where a secret stands; what it is, is nobody's business. */
interface Secret {
  readonly path: ConfigPath;
  readonly at: SourceLocation;
}

export function* secretsIn(node: ConfigNode, path: ConfigPath = []): Generator<Secret> {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) yield* secretsIn(item, [...path, index]);
  } else if (node.kind === 'map') {
    for (const [key, entry] of node.entries) yield* secretsIn(entry.node, [...path, key]);
  } else if (typeof node.value === 'string' && isSecret(path.at(-1), node.value)) yield { path, at: node.at };
}

function isSecret(key: string | number | undefined, value: string): boolean {
  if (SECRET_URL.test(value)) return true;
  // A placeholder stands for something that is given at each launch.
  return typeof key === 'string' && SECRET_KEY.test(key) && value !== '' && !/^\{\w+\}$/.test(value);
}

/** For a file that every user of the machine may read: refuses the first of its secrets, but for what is refused already. */
export function refuseSecrets(secrets: readonly Secret[], file: string, problems: ProblemList): void {
  const refused = new Set(problems.kept.map(({ path }) => path));
  const first = secrets.find(({ path }) => !refused.has(formatPath(path)));
  if (first === undefined) return;
  const wanted = `it in a file of yours alone (chmod 600 ${file}), or in a variable of the environment`;
  problems.add(first.at, first.path, `is a secret, and every user of this machine may read it; expected ${wanted}`);
}
