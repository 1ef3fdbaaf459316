import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';

export interface HttpListenerOptions {
  /** `host:port`; read when it starts. */
  readonly listen: () => string;
  /** The text of `/metrics` and its content type. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Undefined when ready; else why not. */
  readonly notReady: () => string | undefined;
  readonly portHolder: (port: number) => string | undefined;
  readonly log: Log;
}

/** Who asks is a scraper or a probe: few, quick and brief. */
const BOUNDS = {
  /** Line and headers; more is 431. */
  maxHeaderSize: 8 * 1024,
  /** From the first byte of a connection, or of its next request. */
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 500,
} as const;
/** At once; more are closed as they come. */
const MAX_CONNECTIONS = 256;

/** `/metrics`, `/healthz` and `/readyz`. Starts before everything else and stops last, so that both ends of a life can be watched. */
export class HttpListener implements ManagedPart {
  readonly name = 'http listener';
  readonly #options: HttpListenerOptions;
  #server: Server | undefined;

  constructor(options: HttpListenerOptions) {
    this.#options = options;
  }

  /** `host:port` with the port that was taken; empty before. */
  get address(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    if (!address) return '';
    return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const { listen, log } = this.#options;
    const server = createServer(BOUNDS, (request, response) => void this.#answer(request, response));
    server.maxConnections = MAX_CONNECTIONS;
    const at = listen().lastIndexOf(':');
    const host = listen()
      .slice(0, at)
      .replace(/^\[|\]$/g, '');
    try {
      server.listen(Number(listen().slice(at + 1)), host);
      await once(server, 'listening');
    } catch (thrown) {
      throw this.#bindFailure(thrown as Error);
    }
    // Unheard it would end the daemon.
    server.on('error', (err) => log.error({ listener: this.name, err }, 'connection could not be accepted'));
    this.#server = server;
    log.info({ listener: this.name, address: this.address }, 'http listener started');
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const pathname = pathOf(request.url ?? '/');
      if (request.method !== 'GET' && request.method !== 'HEAD') return reply(response, 405, 'use GET\n');
      if (pathname === '/healthz') return reply(response, 200, 'ok\n');
      if (pathname === '/readyz') {
        const why = this.#options.notReady();
        return why === undefined ? reply(response, 200, 'ready\n') : reply(response, 503, `not ready: ${why}\n`);
      }
      if (pathname === '/metrics') {
        const { contentType, text } = await this.#options.metrics();
        return reply(response, 200, text, contentType);
      }
      return reply(response, 404, 'there are /metrics, /healthz and /readyz\n');
    } catch (err) {
      this.#options.log.error({ err }, 'http request failed');
      reply(response, 500, 'internal error\n');
    }
  }

  #bindFailure(cause: Error): ShoalError {
    const listen = this.#options.listen();
    const holder = this.#options.portHolder(Number(listen.slice(listen.lastIndexOf(':') + 1)));
    const by = holder === undefined ? '' : ` (held by ${holder})`;
    return new ShoalError('CONFIG_INVALID', `http.listen: cannot listen on ${listen}${by}: ${cause.message}`, {
      cause,
    });
  }
}

/** Empty for what is no address, such as `//`. */
function pathOf(target: string): string {
  return URL.parse(target, 'http://shoal')?.pathname ?? '';
}

function reply(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': contentType });
  response.end(text);
}
