import type * as Dns from 'node:dns';
import { isIP, type Socket } from 'node:net';

/** Milliseconds after which the next address is tried too: RFC 8305, 5. */
const HEAD_START = 250;

/**
 * Connects to the first address of `host` that answers ("happy eyeballs", RFC 8305). Node's own implementation gives up on
 * each address but the last after 250 ms; here slow attempts continue beside the others. `open` starts connecting to an
 * address. If none answers, it rejects with the error of the first address; when `quit` is aborted, with its reason.
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

/** Ignores everything that still happens on it. */
export function discard(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.destroy();
}

/** Does no lookup for an address. */
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

/** Alternates between the two families, starting with the one the system prefers, so that a broken one costs little. */
function alternating(found: readonly Dns.LookupAddress[]): string[] {
  const [preferred, other] = [true, false].map((isFirst) =>
    found.filter(({ family }) => (family === found[0]!.family) === isFirst),
  );
  const pairs = found.map((_, i) => [preferred![i], other![i]]);
  return [...new Set(pairs.flat().flatMap((one) => one?.address ?? []))];
}
