import { Deadline } from '../../connection';
import { ConnectionError, ProtocolError, type ResoError } from '../../errors';
import { parseJson, parseServerHello, PROTOCOL_VERSION, type ServerHello } from '../../protocol';
import type { Settings } from './settings';

/** Milliseconds that a server has for its greeting: one that is very busy, or behind a slow proxy, may need ten seconds. */
const GREETING = 20_000;

/** First bytes used to recognize another service. */
const LOOKED_AT = 64;

/** How common services begin, or answer an invalid request; in lower case. */
const STRANGERS: readonly (readonly [begins: readonly string[], who: string])[] = [
  [['http/', '<!doctype', '<html', '<?xml'], 'it is an HTTP server'],
  [['ssh-'], 'it is an SSH server'],
  // TLS records: an alert, a handshake.
  [['\x15\x03', '\x16\x03'], 'it is a TLS server. If it is a reso server, use resos://'],
  [['220 ', '220-', '+ok', '* ok'], 'it is a mail or FTP server'],
  [['-err', '-noauth', '-denied'], 'it is a Redis server'],
];

/** Milliseconds for a server's first answer, in TLS or HELLO: whatever is silent for longer is hardly a reso server. */
export function greetingTime({ timeout }: Pick<Settings, 'timeout'>): number {
  return Math.min(GREETING, timeout);
}

/** Waits for a server's HELLO, and recognizes other services if none comes. */
export class Greeting {
  readonly #settings: Pick<Settings, 'address' | 'timeout' | 'tls'>;
  readonly #deadline = new Deadline();
  #begin = '';

  constructor(
    settings: Pick<Settings, 'address' | 'timeout' | 'tls'>,
    onSilence: (error: ResoError) => void,
  ) {
    this.#settings = settings;
    const patience = greetingTime(settings);
    const silent = `it accepts connections but did not send a reso greeting within ${patience / 1000} seconds`;
    this.#deadline.set(patience, () =>
      onSilence(this.#stranger ?? unreachable(settings, silent, { mostRetries: 1 })),
    );
  }

  /** Takes received bytes, of HELLO or of something else. */
  take(bytes: Buffer): void {
    if (this.#begin.length < LOOKED_AT) this.#begin += bytes.toString('latin1', 0, LOOKED_AT);
  }

  /** HELLO has arrived. Throws BAD_MESSAGE, UNSUPPORTED_VERSION. */
  heard(payload: Buffer): ServerHello {
    const hello = parseServerHello(parseJson(payload));
    if (hello.version !== PROTOCOL_VERSION) {
      throw new ProtocolError(
        'UNSUPPORTED_VERSION',
        `The server chose version ${hello.version} of the protocol.`,
      );
    }
    this.end();
    return hello;
  }

  /** Stops waiting. */
  end(): void {
    this.#deadline.clear();
  }

  /** Something other than HELLO arrived. */
  broken(fault: ProtocolError): ResoError {
    const { address } = this.#settings;
    if (this.#stranger) return this.#stranger;
    if (fault.code === 'BAD_FRAME') return this.#strange('it is another service', fault);
    return new ProtocolError(fault.code, `${address} does not speak the reso protocol: ${fault.message}`, {
      address,
      cause: fault,
    });
  }

  /** The connection ended before HELLO arrived, because of `cause`. */
  lost(cause: ResoError): ResoError {
    return (cause.code === 'DISCONNECTED' && this.#stranger) || cause;
  }

  get #stranger(): ConnectionError | undefined {
    const begin = this.#begin.toLowerCase();
    const [, who] = STRANGERS.find(([begins]) => begins.some((one) => begin.startsWith(one))) ?? [];
    return who === undefined ? undefined : this.#strange(who);
  }

  #strange(who: string, cause?: Error): ConnectionError {
    const { address } = this.#settings;
    const message = `${address} does not speak the reso protocol: ${who}.`;
    return new ConnectionError('UNREACHABLE', message, { address, cause, mostRetries: 0 });
  }
}

/** The error if no server has ever greeted: running it again would not help. */
export function neverGreeted(settings: Pick<Settings, 'address' | 'tls'>, error: ResoError): ResoError {
  if (error.code !== 'DISCONNECTED') return error;
  const hint = settings.tls ? '' : '. If it speaks TLS, use resos://';
  return unreachable(settings, `it closes connections without a greeting${hint}`, { cause: error });
}

function unreachable(
  { address }: Pick<Settings, 'address'>,
  why: string,
  context: { cause?: unknown; mostRetries?: number },
): ConnectionError {
  return new ConnectionError('UNREACHABLE', `Can't reach ${address}: ${why}.`, { address, ...context });
}
