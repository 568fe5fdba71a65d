import type { Socket } from 'node:net';
import type { Replica } from './replicas';

/** Milliseconds after which the next address is tried too: RFC 8305, 5. */
const HEAD_START = 250;

/** A connection that was opened, and where it leads. */
export interface Dialled {
  readonly socket: Socket;
  readonly replica: Replica;
}

/**
 * Connects to the first of `replicas` that answers ("happy eyeballs", RFC 8305). Node's own implementation gives up on each
 * address but the last after 250 ms; here slow attempts continue beside the others. `open` starts connecting to an address.
 * If none answers, it rejects with the error of the first one; when `quit` is aborted, with its reason. Those that refused,
 * or were too slow, are noted as failed.
 */
export async function race(
  replicas: readonly Replica[],
  open: (replica: Replica) => Socket,
  quit: AbortSignal,
): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const errors: Error[] = [];
    const attempts = new Map<number, Socket>();
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    const end = (slowBefore: number) => {
      clearTimeout(timer);
      quit.removeEventListener('abort', abandon);
      for (const [at, socket] of attempts) {
        if (at < slowBefore) replicas[at]!.failed();
        discard(socket);
      }
    };
    const abandon = () => {
      end(next);
      reject(quit.reason as Error);
    };
    const tryNext = () => {
      clearTimeout(timer);
      const at = next++;
      const replica = replicas[at]!;
      const socket = open(replica);
      attempts.set(at, socket);
      const failed = (error: Error) => {
        attempts.delete(at);
        replica.failed();
        errors[at] = error;
        if (next < replicas.length) return tryNext();
        if (attempts.size > 0) return;
        end(0);
        reject(errors[0]!);
      };
      socket.once('error', failed);
      socket.once('connect', () => {
        socket.off('error', failed);
        attempts.delete(at);
        end(at);
        resolve({ socket, replica });
      });
      if (next < replicas.length) timer = setTimeout(tryNext, HEAD_START);
    };
    if (quit.aborted) return reject(quit.reason as Error);
    quit.addEventListener('abort', abandon);
    tryNext();
  });
}

/** Ignores everything that still happens on it. */
export function discard(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.destroy();
}
