import { type Report, validValue } from './checked-values.ts';
import type { ConfigNode } from './config-node.ts';
import { isLoopback, parseListenAddress } from './listen-address.ts';

/** What the bus is to keep, and what the chosen adapter can do. */
export function checkMessaging(root: ConfigNode, report: Report): void {
  checkStream(root, report);
  checkManaged(root, report);
  checkDurability(root, report);
  checkRegistry(root, report);
}

function checkStream(root: ConfigNode, report: Report): void {
  const at = (key: string) => ['messaging', 'nats', 'stream', key];
  const window = validValue<number>(root, at('duplicate_window'));
  const age = validValue<number>(root, at('max_age'));
  const timeout = validValue<number>(root, at('ack_timeout'));
  if (window === undefined) return;
  if (age !== undefined && age > 0 && window > age) {
    report(at('duplicate_window'), `is longer than max_age (${age} ms), which NATS refuses; expected at most max_age`);
  }
  if (timeout !== undefined && timeout >= window) {
    report(
      at('ack_timeout'),
      `is not shorter than duplicate_window (${window} ms), so that an event sent again would be stored twice; expected less`,
    );
  }
}

function checkManaged(root: ConfigNode, report: Report): void {
  const path = ['messaging', 'nats', 'managed'];
  if (validValue(root, path) !== true) return;
  if (validValue(root, ['messaging', 'adapter']) === 'memory') {
    report(path, 'is true while messaging.adapter is memory, which needs no server; expected messaging.adapter nats');
  }
  const urls = validValue<readonly string[]>(root, ['messaging', 'nats', 'urls']) ?? [];
  const [address] = urls.map((url) => parseListenAddress(url.replace(/^nats:\/\//, '')));
  if (urls.length !== 1 || address === undefined || !isLoopback(address.host)) {
    const key = ['messaging', 'nats', 'urls'];
    report(
      key,
      'is where the managed server is to listen; expected one loopback address with its port, such as [nats://127.0.0.1:4222]',
    );
  }
}

/** What is known without asking the server; the rest is found out at start. */
function checkDurability(root: ConfigNode, report: Report): void {
  const path = ['messaging', 'durability'];
  const demanded = validValue(root, path);
  if (validValue(root, ['messaging', 'adapter']) !== 'nats' || demanded === 'memory') return;
  const nats = (key: string) => validValue(root, ['messaging', 'nats', key]);
  if (validValue(root, ['messaging', 'nats', 'stream', 'storage']) === 'memory') {
    report(
      path,
      `is ${String(demanded)} while messaging.nats.stream.storage is memory; expected memory, or storage: file`,
    );
  } else if (demanded === 'fsynced' && nats('managed') !== true && nats('monitor') === undefined) {
    report(
      path,
      'is fsynced, which only the server can tell; expected messaging.nats.monitor beside it, or managed: true',
    );
  }
}

function checkRegistry(root: ConfigNode, report: Report): void {
  if (validValue<string>(root, ['registry', 'store']) !== 'jetstream') return;
  const path = ['registry', 'store'];
  if (validValue<string>(root, ['messaging', 'adapter']) === 'memory')
    report(path, 'is jetstream, which needs messaging.adapter nats; expected local or auto');
  else if (validValue<string>(root, ['messaging', 'durability']) === 'memory')
    report(path, 'is jetstream, and messaging.durability memory keeps nothing; expected auto, or another durability');
}
