import { ShoalError } from '../../domain/shoal-error.ts';

/** What the client library wants to know, which does not read credentials out of a URL by itself. */
export interface ServerUrls {
  /** `host:port`, safe to log. */
  readonly servers: readonly string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** Some URL says `tls://`: a server without TLS is refused. Otherwise TLS is used where the server offers it. */
  readonly tls: boolean;
}

/**
 * Splits `nats://user:password@host:port` (or `nats://token@host`, `tls://…`) into servers and credentials. The first
 * credentials found hold for all servers.
 *
 * @throws ShoalError CONFIG_INVALID that names the entry, without its credentials
 */
export function parseServerUrls(urls: readonly string[]): ServerUrls {
  const parsed = urls.map((text, at) => parseServerUrl(text, at));
  const login = parsed.find((url) => url.username !== '');
  const user = decodeURIComponent(login?.username ?? '');
  const pass = decodeURIComponent(login?.password ?? '');
  return {
    servers: parsed.map((url) => `${url.hostname}:${url.port === '' ? '4222' : url.port}`),
    tls: parsed.some((url) => url.protocol === 'tls:'),
    ...(user !== '' && pass === '' ? { token: user } : {}),
    ...(user !== '' && pass !== '' ? { user, pass } : {}),
  };
}

function parseServerUrl(text: string, at: number): URL {
  const withScheme = text.includes('://') ? text : `nats://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url === undefined || url.hostname === '' || (url.protocol !== 'nats:' && url.protocol !== 'tls:')) {
    const field = `messaging.nats.urls[${at}]`;
    throw new ShoalError('CONFIG_INVALID', `${field}: must read nats://host:port or tls://host:port`, {
      metadata: { field },
    });
  }
  return url;
}
