import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { Gatekeeper, type TlsMaterial } from '../access';
import {
  affordable,
  BufferPool,
  ConnectionSlots,
  descriptorLimit,
  formatAddress,
  PackBuffers,
  peerAddress,
  type ConnectionLimits,
} from '../connection';
import { describeCause, LocalError, ProtocolError } from '../errors';
import { DEFAULT_BLOCK_SIZE, MAX_PAGE } from '../protocol';
import { silentLog, type Log } from '../telemetry';
import type { ServerContext } from './exchange/exchange';
import { UnfinishedImages } from './exchange/unfinished-images';
import { DEFAULT_CONNECTIONS, limitsOf, timeoutsOf, type ServerOptions } from './options';
import { arrivalOf, type Arrival } from './session/arrival';
import { Session } from './session/session';
import { TlsFront } from './tls-front';

const ANY_ADDRESS = '0.0.0.0';
const GRACE = 10_000;

export interface CloseOptions {
  /** Milliseconds for running deliveries to finish; default 10,000. */
  readonly graceMs?: number | undefined;
}

/** Serves a catalog over TCP. */
export class Server {
  readonly #context: ServerContext;
  readonly #slots: ConnectionSlots;
  readonly #tls: TlsFront | undefined;
  readonly #sessions = new Set<Session>();
  readonly #listener: NetServer;
  #bound: Pick<AddressInfo, 'address' | 'family' | 'port'> = { address: '', family: '', port: 0 };
  #closed: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    const limits = limitsOf(options.limits);
    this.#context = {
      catalog: options.catalog,
      gatekeeper: options.gatekeeper ?? new Gatekeeper(),
      limits,
      timeouts: timeoutsOf(options.timeouts),
      maxPage: options.limits?.page ?? MAX_PAGE,
      blockSize: DEFAULT_BLOCK_SIZE,
      buffers: new BufferPool(),
      packs: new PackBuffers(limits.pack),
      unfinished: new UnfinishedImages(),
      agent: options.agent,
      log: options.log ?? silentLog,
    };
    this.#slots = new ConnectionSlots(connectionLimits(options, this.#context.log));
    if (options.tls) this.#tls = this.#tlsFront(options.tls);
    // A client may half-close once it has sent all its requests. It still gets its answers.
    this.#listener = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  /** Addresses at which the server can be reached. */
  addresses(): string[] {
    return reachableAddresses(this.#bound);
  }

  get port(): number {
    return this.#bound.port;
  }

  /** Number of open connections. */
  get connections(): number {
    return this.#sessions.size;
  }

  /** Throws PORT. */
  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', (cause) => reject(cannotListen(host, port, cause)));
      this.#listener.listen({ host, port }, resolve);
    });
    this.#bound = this.#listener.address() as AddressInfo;
    this.#listener.removeAllListeners('error');
    this.#listener.on('error', (error) => {
      this.#context.log.warn('a connection could not be accepted', { reason: describeCause(error) });
    });
  }

  /** Accepts no more connections, finishes what has started, and resolves when all connections are closed. */
  close({ graceMs = GRACE }: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    const listenerGone = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    const gone = listenerGone.then(() => Promise.all([...this.#sessions].map((session) => session.gone)));
    this.#tls?.close();
    for (const session of this.#sessions) session.shutDown();
    const timer = new AbortController();
    const graceOver = setTimeout(graceMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([gone, graceOver]);
    timer.abort();
    for (const session of this.#sessions) session.destroy();
    await gone;
  }

  #tlsFront(material: () => TlsMaterial): TlsFront {
    const { timeouts, log } = this.#context;
    return new TlsFront({
      material,
      // The other half is for HELLO.
      timeout: timeouts.hello / 2,
      onSecure: (socket, certificate) => this.#begin(socket, arrivalOf(socket, certificate)),
      onRefused: (error, socket) =>
        log.info('TLS handshake failed', { peer: peerAddress(socket), reason: describeCause(error) }),
    });
  }

  #accept(socket: Socket): void {
    const { remoteAddress: address } = socket;
    if (address === undefined) return void socket.destroy();
    socket.once('close', () => this.#slots.leave(address));
    if (!this.#slots.enter(address)) socket.destroy();
    else if (this.#tls) this.#tls.take(socket);
    else this.#begin(socket, arrivalOf(socket));
  }

  #begin(socket: Socket, arrival: Arrival): void {
    const session = new Session(this.#context, socket, arrival);
    this.#sessions.add(session);
    void session.gone.then(() => this.#sessions.delete(session));
    if (this.#closed) session.shutDown();
    else if (this.#slots.isCrowded(socket.remoteAddress ?? '')) session.end(crowded());
  }
}

/** Resolves once connections are accepted. Throws PORT if the port can't be used, USAGE for limits out of range. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const server = new Server(options);
  await server.listen(options.host ?? ANY_ADDRESS, options.port);
  return server;
}

function crowded(): ProtocolError {
  return new ProtocolError('BUSY', 'The server has reached its limit of connections.');
}

/** As many connections as wanted and as descriptors allow. */
function connectionLimits({ limits = {} }: ServerOptions, log: Log): ConnectionLimits {
  const { connections = DEFAULT_CONNECTIONS, connectionsPerAddress = 0 } = limits;
  const descriptors = descriptorLimit() - (limits.reservedDescriptors ?? 0);
  const total = affordable(connections, descriptors);
  // Nobody asked for the default.
  if (total < connections && connections !== DEFAULT_CONNECTIONS)
    log.warn('fewer connections allowed than requested', { connections: total, descriptors });
  return { total, perAddress: connectionsPerAddress };
}

function cannotListen(host: string, port: number, cause: unknown): LocalError {
  return new LocalError('PORT', `Can't listen on ${formatAddress(host, port)}: ${describeCause(cause)}.`, {
    cause,
  });
}

/** Addresses at which a server listening on `bound` can be reached. Those that other machines can use come first. */
function reachableAddresses({ address, family }: Pick<AddressInfo, 'address' | 'family'>): string[] {
  if (address !== '0.0.0.0' && address !== '::') return [address];
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const suitable = all.filter((one) => (family === 'IPv6' || one.family === 'IPv4') && !isLinkLocal(one));
  const ordered = [...suitable.filter((one) => !one.internal), ...suitable.filter((one) => one.internal)];
  return [...new Set(ordered.map((one) => one.address))];
}

/** A link-local address is useless without the name of an interface of the connecting machine. */
function isLinkLocal({ family, address }: NetworkInterfaceInfo): boolean {
  return family === 'IPv6' && address.toLowerCase().startsWith('fe80:');
}
