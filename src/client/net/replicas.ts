import type * as Dns from 'node:dns';
import { isIP } from 'node:net';
import { formatAddress } from '../../connection';
import { backOff } from './retry';
import type { ServerName, Settings } from './settings';

/** Milliseconds between two connections that are moved to a replica that has none. */
const MOVE_PAUSE = 2000;

/** One address of a server, and how it fared lately. */
export class Replica implements ServerName {
  readonly host: string;
  readonly port: number;
  readonly ip: string;
  /** Addresses of the same name lead to the same server, as far as is known. */
  readonly name: string;
  /** Connections to it, also those being opened. */
  links = 0;
  #failures = 0;
  #restsUntil = 0;

  constructor({ host, port }: ServerName, ip: string, name: string) {
    this.host = host;
    this.port = port;
    this.ip = ip;
    this.name = name;
  }

  /** When it may be asked again. */
  get restsUntil(): number {
    return this.#restsUntil;
  }

  get isResting(): boolean {
    return performance.now() < this.#restsUntil;
  }

  /** It is not asked for a while, and for longer each time. What fails during that counts no further. */
  failed(): void {
    if (this.isResting) return;
    this.#restsUntil = performance.now() + backOff(++this.#failures);
  }

  /** Its next failure is the first one again. A rest goes on: one connection of many may work. */
  worked(): void {
    if (!this.isResting) this.#failures = 0;
  }
}

/** The addresses of all servers that hold the same images, and which of them to connect to next. */
export class Replicas {
  readonly #servers: readonly ServerName[];
  readonly #turn: number;
  readonly #known = new Map<string, Replica>();
  /** Those of the last look-up: first those of the family that the system prefers. */
  #preferred: readonly Replica[] = [];
  #others: readonly Replica[] = [];
  #isReplicated: boolean;
  #movedAt = -Infinity;

  constructor({ servers, turn }: Pick<Settings, 'servers' | 'turn'>) {
    this.#servers = servers;
    this.#turn = turn;
    this.#isReplicated = servers.length > 1;
  }

  /** Whether there are several servers: versions and generations of one mean nothing to another. */
  get isReplicated(): boolean {
    return this.#isReplicated;
  }

  get count(): number {
    return this.#preferred.length + this.#others.length;
  }

  /** Whether there is one that has not failed lately. */
  get isAnyAwake(): boolean {
    return [...this.#preferred, ...this.#others].some(({ isResting }) => !isResting);
  }

  /**
   * Those to connect to, the best first: the one with the fewest connections. Those that failed lately are left out, unless
   * all did. Rejects if no server's name can be resolved, and with the reason of `quit` when that is aborted.
   */
  async next(quit: AbortSignal): Promise<readonly [Replica, ...Replica[]]> {
    await this.#lookUp(quit);
    const [preferred, others] = [this.#preferred, this.#others].map((some) => this.#byLoad(some));
    const awake = [preferred!, others!].map((some) => some.filter(({ isResting }) => !isResting));
    const families = awake.filter(({ length }) => length > 0);
    if (families.length > 0) return alternating(families) as [Replica, ...Replica[]];
    return [...preferred!, ...others!].sort((a, b) => a.restsUntil - b.restsUntil) as [Replica, ...Replica[]];
  }

  /** The name of a replica that should give a connection away, to one that has none because it was away. */
  crowded(): string | undefined {
    if (!this.#isReplicated || performance.now() - this.#movedAt < MOVE_PAUSE) return undefined;
    if (!this.#preferred.some(({ links, isResting }) => links === 0 && !isResting)) return undefined;
    const most = this.#byLoad(this.#preferred).at(-1)!;
    if (most.links < 2) return undefined;
    this.#movedAt = performance.now();
    return most.name;
  }

  /** Clients, and the threads of one, begin with different ones. */
  #byLoad(some: readonly Replica[]): readonly Replica[] {
    const turned = some.map((_, i) => some[(i + this.#turn) % some.length]!);
    return turned.sort((a, b) => a.links - b.links);
  }

  async #lookUp(quit: AbortSignal): Promise<void> {
    const found = await Promise.allSettled(this.#servers.map((server) => this.#addressesOf(server, quit)));
    quit.throwIfAborted();
    const all = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    for (const [key, one] of this.#known) if (one.links === 0 && !all.includes(one)) this.#known.delete(key);
    const family = all[0] && isIP(all[0].ip);
    this.#preferred = all.filter(({ ip }) => isIP(ip) === family);
    this.#others = all.filter(({ ip }) => isIP(ip) !== family);
    const failed = found.find((one) => one.status === 'rejected');
    if (all.length === 0) throw failed?.reason;
  }

  async #addressesOf(server: ServerName, quit: AbortSignal): Promise<Replica[]> {
    const { host, port } = server;
    const ips = isIP(host) === 0 ? await lookUp(host, quit) : [host];
    // Two addresses of different families are most likely those of one machine.
    const isSeveral = [4, 6].some((family) => ips.filter((ip) => isIP(ip) === family).length > 1);
    this.#isReplicated ||= isSeveral;
    return ips.map((ip) => {
      const key = `${host} ${port} ${ip}`;
      const name = isSeveral ? formatAddress(ip, port) : formatAddress(host, port);
      const known = this.#known.get(key);
      const replica = known?.name === name ? known : new Replica(server, ip, name);
      this.#known.set(key, replica);
      return replica;
    });
  }
}

/** Alternates between the families, so that a broken one costs little. */
function alternating(families: readonly (readonly Replica[])[]): Replica[] {
  const longest = Math.max(...families.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => families.flatMap((family) => family[i] ?? [])).flat();
}

/** Not loaded for an address. */
function dns(): typeof Dns {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would start Node's second module loader
  return require('node:dns') as typeof Dns;
}

function lookUp(host: string, quit: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    quit.addEventListener('abort', () => reject(quit.reason as Error), { once: true });
    dns().lookup(host, { all: true }, (error, found) => {
      if (error) reject(error);
      else resolve([...new Set(found.map(({ address }) => address))]);
    });
  });
}
