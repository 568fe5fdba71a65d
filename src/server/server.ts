import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describeCause, LocalError, ProtocolError } from '../errors';
import { DEFAULT_BLOCK_SIZE } from '../protocol';
import { silentLog } from '../telemetry';
import { reachableAddresses } from './addresses';
import { BufferPool } from './buffer-pool';
import type { ServerContext } from './context';
import { DEFAULT_MAX_CONNECTIONS, DEFAULT_TIMEOUTS, limitsOf, type ServerOptions } from './options';
import { Session } from './session';

const ANY_ADDRESS = '0.0.0.0';
const GRACE = 10_000;

export interface CloseOptions {
  /** Milliseconds for deliveries that are under way; default 10,000. */
  readonly graceMs?: number | undefined;
}

/** Serves a catalog over TCP. */
export class Server {
  readonly #context: ServerContext;
  readonly #maxConnections: number;
  readonly #sessions = new Set<Session>();
  readonly #listener: NetServer;
  #bound: Pick<AddressInfo, 'address' | 'family' | 'port'> = { address: '', family: '', port: 0 };
  #closed: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    this.#context = {
      catalog: options.catalog,
      limits: limitsOf(options.limits),
      timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
      blockSize: DEFAULT_BLOCK_SIZE,
      buffers: new BufferPool(),
      agent: options.agent,
      log: options.log ?? silentLog,
    };
    this.#maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
    // A client that has sent all it wants to may end its side; it still gets its answers.
    this.#listener = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  /** Addresses at which it can be reached. */
  addresses(): string[] {
    return reachableAddresses(this.#bound);
  }

  get port(): number {
    return this.#bound.port;
  }

  /** Connections that are open. */
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

  /** Takes no more connections, finishes what has begun, and resolves when all connections are gone. */
  close({ graceMs = GRACE }: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    const listenerGone = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    const gone = listenerGone.then(() => Promise.all([...this.#sessions].map((session) => session.gone)));
    for (const session of this.#sessions) session.shutDown();
    const timer = new AbortController();
    const graceOver = setTimeout(graceMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([gone, graceOver]);
    timer.abort();
    for (const session of this.#sessions) session.destroy();
    await gone;
  }

  #accept(socket: Socket): void {
    const session = new Session(this.#context, socket);
    this.#sessions.add(session);
    void session.gone.then(() => this.#sessions.delete(session));
    if (this.#closed) session.shutDown();
    else if (this.#sessions.size > this.#maxConnections) {
      session.end(new ProtocolError('BUSY', 'The server has as many connections as it takes.'));
    }
  }
}

/** Resolves once connections are accepted. Throws PORT where that is not possible, USAGE for limits out of range. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const server = new Server(options);
  await server.listen(options.host ?? ANY_ADDRESS, options.port);
  return server;
}

function cannotListen(host: string, port: number, cause: unknown): LocalError {
  return new LocalError('PORT', `Port ${port} of ${host} can't be listened on: ${describeCause(cause)}.`, {
    cause,
  });
}
