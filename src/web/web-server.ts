import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { tlsSettings, type TlsMaterial } from '../access';
import { BufferPool } from '../connection';
import { describeCause, LocalError } from '../errors';
import { silentLog } from '../telemetry';
import { answer } from './answer';
import { Attempts } from './attempts';
import { GridCache } from './grid/grid-cache';
import { Metrics } from './metrics';
import type { WebContext, WebOptions } from './options';
import { trustedProxies } from './visitor';

const ANY_ADDRESS = '0.0.0.0';
const MOST_CONNECTIONS = 2048;
const STALL = 120_000;
/** Node looks for connections that are too slow only every 30 seconds otherwise. */
const CHECKING_INTERVAL = 2000;
const LIMITS = {
  headersTimeout: 9000,
  requestTimeout: 15_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: CHECKING_INTERVAL,
  maxHeaderSize: 16_384,
} as const;

/** Shows a catalog over HTTP, or over HTTPS where there is a certificate. */
export class WebServer {
  readonly #context: WebContext;
  readonly #server: Server;
  readonly #tls: (() => TlsMaterial) | undefined;
  #material: TlsMaterial | undefined;
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor(options: WebOptions) {
    this.#tls = options.tls;
    this.#material = options.tls?.();
    this.#context = this.#contextOf(options);
    const respond = (request: IncomingMessage, response: ServerResponse) =>
      void answer(this.#context, request, response, this.#material);
    this.#server = this.#material
      ? createSecureServer({ ...LIMITS, ...tlsSettings(this.#material) }, respond)
      : createServer(LIMITS, respond);
    if (this.#tls) this.#server.prependListener('connection', () => this.#renew());
    this.#server.maxConnections = options.connections ?? MOST_CONNECTIONS;
    this.#server.setTimeout(options.stall ?? STALL);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get scheme(): 'http' | 'https' {
    return this.#tls ? 'https' : 'http';
  }

  /** Throws PORT. */
  async listen(host = ANY_ADDRESS, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) => reject(cannotListen(host, port, cause)));
      this.#server.listen({ host, port }, resolve);
    });
    this.#server.removeAllListeners('error');
    this.#server.on('error', (error) => {
      this.#context.log.warn('a connection could not be accepted', { reason: describeCause(error) });
    });
  }

  /** Takes no more requests, finishes what has begun within `graceMs` milliseconds, and resolves when all is gone. */
  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    const gone = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await gone;
    clearTimeout(timer);
  }

  /** The certificate may have been replaced since. */
  #renew(): void {
    const material = this.#tls!();
    if (material === this.#material) return;
    this.#material = material;
    (this.#server as ReturnType<typeof createSecureServer>).setSecureContext(tlsSettings(material));
  }

  #contextOf(options: WebOptions): WebContext {
    const { catalog, gatekeeper, title, cors, allowHosts = [], trustProxy = [] } = options;
    const { protocolPort } = options;
    const base = options.baseUrl === undefined ? undefined : new URL(options.baseUrl);
    return {
      ...{ catalog, gatekeeper, title, cors },
      renderer: options.renderer ?? Promise.resolve(undefined),
      basePath: base?.pathname.replace(/\/+$/, '') ?? '',
      protocol:
        protocolPort === undefined ? undefined : { port: protocolPort, isSecure: this.#tls !== undefined },
      hosts: {
        allowed: [...allowHosts.map((host) => host.toLowerCase()), ...(base ? [base.hostname] : [])],
        isOfCertificate: (host) => isNamed(this.#material, host),
      },
      proxies: trustedProxies(trustProxy),
      attempts: new Attempts(),
      grids: new GridCache(catalog),
      buffers: new BufferPool(),
      metrics: options.metrics ?? new Metrics(),
      log: options.log ?? silentLog,
      isClosing: () => this.#isClosing,
    };
  }
}

/** Resolves once connections are accepted. Throws PORT, USAGE. */
export async function startWebServer(options: WebOptions): Promise<WebServer> {
  const server = new WebServer(options);
  await server.listen(options.host, options.port);
  return server;
}

function isNamed(material: TlsMaterial | undefined, host: string): boolean {
  return material !== undefined && new X509Certificate(material.cert).checkHost(host) !== undefined;
}

function cannotListen(host: string, port: number, cause: unknown): LocalError {
  return new LocalError('PORT', `can't listen on ${host}:${port}: ${describeCause(cause)}.`, { cause });
}
