import { type Report, validValue } from './checked-values.ts';
import type { ConfigNode } from './config-node.ts';
import { type ConfigPath, formatPath, quoted } from './config-path.ts';
import { collide, isLoopback, type ListenAddress, parseListenAddress } from './listen-address.ts';

const LISTENERS = [['grpc', 'worker'], ['grpc', 'client'], ['http']] as const;

/** Each address is of its own, and in plain text only where that was said. */
export function checkListeners(root: ConfigNode, report: Report): void {
  const seen: { path: ConfigPath; address: ListenAddress }[] = [];
  for (const listener of LISTENERS) {
    const path = [...listener, 'listen'];
    const listen = validValue<string>(root, path);
    const address = listen === undefined ? undefined : parseListenAddress(listen);
    if (listen === undefined || address === undefined) continue;
    const insecure = validValue<boolean>(root, [...listener, 'insecure']);
    if (insecure === false && !isLoopback(address.host)) {
      const key = formatPath([...listener, 'insecure']);
      report(
        path,
        `${quoted(listen)} can be reached by other machines, in plain text; expected a loopback address such as 127.0.0.1:${address.port}, or, in a network you trust, \`${key}: true\` beside it`,
      );
    }
    const other = seen.find((before) => collide(before.address, address));
    if (other !== undefined)
      report(path, `${quoted(listen)} is taken by ${formatPath(other.path)}; expected another port`);
    seen.push({ path, address });
    if (listener[1] === 'worker' && validValue(root, ['auth', 'workers']) === 'off' && !isLoopback(address.host)) {
      report(
        ['auth', 'workers'],
        `is off while grpc.worker.listen is ${quoted(listen)}, where any machine could pose as a worker; expected token, or a loopback address`,
      );
    }
  }
}
