import type * as Dns from 'node:dns';
import { isIP, type Socket } from 'node:net';

/** Milliseconds after which the next address is tried as well: RFC 8305, 5. */
const HEAD_START = 250;

/**
 * Connects to the first address of `host` that answers ("happy eyeballs", RFC 8305). Node's own way gives up each address
 * but the last one after 250 ms; here a slow one goes on beside the others. `open` begins to connect to an address.
 * Rejects with what the system says of the first address where none answers, and with the reason of `quit` once that is given.
 */
export async function race(
  host: string,
  open: (address: string) => Socket,
  quit: AbortSignal,
): Promise<Socket> {
  const addresses = isIP(host) === 0 ? alternating(await lookUp(host, quit)) : [host];
  return new Promise((resolve, reject) => {
    const errors: Error[] = [];
    const sockets = new Set<Socket>();
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(timer);
      quit.removeEventListener('abort', abandon);
      sockets.forEach(discard);
    };
    const abandon = () => {
      end();
      reject(quit.reason as Error);
    };
    const tryNext = () => {
      clearTimeout(timer);
      const at = next++;
      const socket = open(addresses[at]!);
      sockets.add(socket);
      const failed = (error: Error) => {
        sockets.delete(socket);
        errors[at] = error;
        if (next < addresses.length) return tryNext();
        if (sockets.size > 0) return;
        end();
        reject(errors[0]!);
      };
      socket.once('error', failed);
      socket.once('connect', () => {
        socket.off('error', failed);
        sockets.delete(socket);
        end();
        resolve(socket);
      });
      if (next < addresses.length) timer = setTimeout(tryNext, HEAD_START);
    };
    quit.addEventListener('abort', abandon);
    tryNext();
  });
}

/** What still comes of it is of no interest. */
export function discard(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.destroy();
}

/** Not for an address, which needs none. */
function dns(): typeof Dns {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would start Node's second module loader
  return require('node:dns') as typeof Dns;
}

function lookUp(host: string, quit: AbortSignal): Promise<Dns.LookupAddress[]> {
  return new Promise((resolve, reject) => {
    quit.addEventListener('abort', () => reject(quit.reason as Error), { once: true });
    dns().lookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });
}

/** The two families take turns, beginning with the one that the system prefers, so that one which leads nowhere costs little. */
function alternating(found: readonly Dns.LookupAddress[]): string[] {
  const [preferred, other] = [true, false].map((isFirst) =>
    found.filter(({ family }) => (family === found[0]!.family) === isFirst),
  );
  const pairs = found.map((_, i) => [preferred![i], other![i]]);
  return [...new Set(pairs.flat().flatMap((one) => one?.address ?? []))];
}
