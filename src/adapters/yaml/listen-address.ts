import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Where a listener of the configuration is bound. */
export interface ListenAddress {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

const HOST_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*$/;
const LISTEN = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/** Reads `host:port` or `[IPv6]:port`; undefined when it is neither. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = LISTEN.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) return undefined;
  const sound = match?.[1] === undefined ? isIPv4(host) || isHostName(host) : isIPv6(host);
  return sound ? { host, port } : undefined;
}

/** A name that ends in a number is a mistyped IPv4 address, which some resolvers would complete in their own way. */
function isHostName(host: string): boolean {
  return HOST_NAME.test(host) && !/(^|\.)\d+$/.test(host);
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only programs of this machine can reach the host. Of names, `localhost` alone is trusted to be so. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return LOOPBACK.check(host, 'ipv4');
  if (isIPv6(host)) return LOOPBACK.check(host, 'ipv6');
  return host.toLowerCase() === 'localhost';
}

/** Whether two listeners would ask for the same port of the same interface. */
export function collide(a: ListenAddress, b: ListenAddress): boolean {
  if (a.port === 0 || a.port !== b.port) return false;
  return a.host === b.host || isWildcard(a.host) || isWildcard(b.host);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
