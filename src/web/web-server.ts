import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { tlsSettings, type TlsMaterial } from '../access';
import { BufferPool, peerAddress } from '../connection';
import { describeCause, LocalError, UsageError } from '../errors';
import { silentLog } from '../telemetry';
import { answer } from './answer';
import { Attempts } from './attempts';
import { refuseBroken, type ParserError } from './connections/broken-request';
import { Entrance } from './connections/entrance';
import { Pipelines } from './connections/pipelines';
import { GridCache } from './grid/grid-cache';
import { hostOf } from './hosts';
import { Metrics } from './metrics';
import type { WebContext, WebOptions } from './options';
import { Shares } from './shares';
import { trustedProxies } from './visitor';
import { Watches } from './watches';

const ANY_ADDRESS = '0.0.0.0';
export const MOST_CONNECTIONS = 2048;
/** The share of them that one address may have, unless it is a trusted proxy. */
const SHARE_OF_ONE = 0.25;
/** Renditions at once for one address; 64 in total can wait. */
const MOST_RENDERS_OF_ONE = 48;
const TOO_MANY_RENDERS = 'Too many images are being rendered for this address: try again soon.';
const STALL = 120_000;
/** By default, Node checks for slow connections only every 30 seconds. */
const CHECKING_INTERVAL = 2000;
const LIMITS = {
  headersTimeout: 9000,
  requestTimeout: 15_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: CHECKING_INTERVAL,
  maxHeaderSize: 16_384,
  handshakeTimeout: 9000,
  // Handled here like all other requests.
  requireHostHeader: false,
} as const;

/** Serves a catalog over HTTP, or over HTTPS if there is a certificate. */
export class WebServer {
  readonly #context: WebContext;
  readonly #server: Server;
  readonly #entrance: Entrance;
  readonly #pipelines = new Pipelines();
  readonly #tls: (() => TlsMaterial) | undefined;
  #material: TlsMaterial | undefined;
  #isDraining = false;
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor(options: WebOptions) {
    this.#tls = options.tls;
    this.#material = options.tls?.();
    this.#context = this.#contextOf(options);
    const respond = (request: IncomingMessage, response: ServerResponse) =>
      this.#pipelines.add(request.socket, response, () => this.#answer(request, response));
    this.#server = this.#material
      ? createSecureServer({ ...LIMITS, ...tlsSettings(this.#material) }, respond)
      : createServer(LIMITS, respond);
    this.#server.on('checkExpectation', respond);
    this.#server.on('clientError', (error: ParserError, socket: Socket) =>
      refuseBroken(this.#context, error, socket, this.#pipelines.isBusy(peerAddress(socket))),
    );
    this.#entrance = new Entrance(this.#server, this.#entranceOptions(options));
    if (this.#tls) this.#server.prependListener('connection', () => this.#renew());
    this.#server.setTimeout(options.stall ?? STALL);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#entrance.connections;
  }

  /** Requests that wait for changes. */
  get watches(): number {
    return this.#context.watches.count;
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

  /** It is about to be closed: it is not ready any more, and each answer ends its connection. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Accepts no more requests, gives those in progress `graceMs` milliseconds, and resolves when all connections are closed. */
  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    this.#isDraining = this.#isClosing = true;
    this.#context.watches.end();
    const gone = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#closeQuiet();
    const timer = setTimeout(() => this.#entrance.close(() => true), graceMs);
    await gone;
    clearTimeout(timer);
  }

  /** Node would wait for connections that have not sent a request yet, or may send another. */
  #closeQuiet(): void {
    this.#entrance.close((peer) => !this.#pipelines.isBusy(peer));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    response.once('close', () => this.#isClosing && setImmediate(() => this.#closeQuiet()));
    // With a listener, Node leaves it to us to close the connection. A client that waits for us is not slow.
    response.on('timeout', () => response.headersSent && socket.destroy());
    const arrival = { material: () => this.#renew(), isCrowded: this.#entrance.isCrowded(socket) };
    void answer(this.#context, request, response, arrival).catch((error: unknown) => {
      this.#context.log.error('unexpected error', { reason: String(error) });
      socket.destroy();
    });
  }

  #entranceOptions({ connections: total = MOST_CONNECTIONS, connectionsPerAddress }: WebOptions) {
    const { proxies, log } = this.#context;
    return {
      limits: { total, perAddress: connectionsPerAddress ?? Math.ceil(total * SHARE_OF_ONE) },
      isProxy: (address: string) => proxies.trusts(address),
      isTls: this.#tls !== undefined,
      patience: LIMITS.headersTimeout,
      onPlain: (socket: Socket) =>
        log.info('http', { status: 400, reason: 'it speaks plain HTTP', peer: peerAddress(socket) }),
    };
  }

  /** The certificate and the clients' authorities may have been replaced since. */
  #renew(): TlsMaterial | undefined {
    const material = this.#tls?.();
    if (!material || material === this.#material) return material;
    this.#material = material;
    (this.#server as ReturnType<typeof createSecureServer>).setSecureContext(tlsSettings(material));
    return material;
  }

  #contextOf(options: WebOptions): WebContext {
    const { catalog, gatekeeper, title, cors, allowHosts = [], trustProxy = [] } = options;
    const { protocolPort } = options;
    const base = options.baseUrl === undefined ? undefined : baseOf(options.baseUrl);
    return {
      ...{ catalog, gatekeeper, title, cors: cors === undefined ? undefined : corsOf(cors) },
      renderer: options.renderer ?? Promise.resolve(undefined),
      basePath: base?.pathname.replace(/\/+$/, '') ?? '',
      protocol:
        protocolPort === undefined ? undefined : { port: protocolPort, isSecure: this.#tls !== undefined },
      hosts: {
        allowed: [...allowHosts.map(allowedHost), ...(base ? [base.hostname] : [])],
        isOfCertificate: (host) => isNamed(this.#material, host),
      },
      proxies: trustedProxies(trustProxy),
      attempts: new Attempts(),
      renders: new Shares(MOST_RENDERS_OF_ONE, TOO_MANY_RENDERS),
      watches: new Watches(options.connections ?? MOST_CONNECTIONS),
      grids: new GridCache(catalog),
      buffers: new BufferPool(),
      metrics: options.metrics ?? new Metrics(),
      log: options.log ?? silentLog,
      isDraining: () => this.#isDraining,
    };
  }
}

/** Resolves once connections are accepted. Throws PORT, USAGE. */
export async function startWebServer(options: WebOptions): Promise<WebServer> {
  const server = new WebServer(options);
  await server.listen(options.host, options.port);
  return server;
}

function baseOf(url: string): URL {
  if (URL.canParse(url)) return new URL(url);
  throw new UsageError(`baseUrl must be a URL such as https://nas.example.org/photos, not '${url}'.`);
}

/** What a browser sends as `Origin`, or `*`. */
function corsOf(text: string): string {
  // Programs that are no websites have schemes of their own.
  const [, origin] = /^([a-z][a-z0-9+.-]*:\/\/[^\s/?#,@]+)\/?$/i.exec(text) ?? [];
  if (text === '*') return text;
  if (origin !== undefined) return origin.toLowerCase();
  throw new UsageError(
    `cors (--cors) takes * or one origin, such as https://viewer.example.org, not '${text}'.`,
  );
}

/** People may include the port when they copy a name. */
function allowedHost(text: string): string {
  const host = hostOf(text);
  if (host === undefined) throw new UsageError(`allowHosts (--allow-host) takes host names, not '${text}'.`);
  return host;
}

function isNamed(material: TlsMaterial | undefined, host: string): boolean {
  return material !== undefined && new X509Certificate(material.cert).checkHost(host) !== undefined;
}

function cannotListen(host: string, port: number, cause: unknown): LocalError {
  return new LocalError('PORT', `Can't listen on ${host}:${port}: ${describeCause(cause)}.`, { cause });
}
