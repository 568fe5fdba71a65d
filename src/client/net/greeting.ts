import { Deadline } from '../../connection';
import { ConnectionError, ProtocolError, type ResoError } from '../../errors';
import { parseJson, parseServerHello, PROTOCOL_VERSION, type ServerHello } from '../../protocol';
import type { Settings } from './settings';

/** Milliseconds that a server has for its first words: one that is very busy, or behind a slow proxy, may need ten seconds. */
const GREETING = 20_000;

/** First bytes that are looked at to tell who else answers. */
const LOOKED_AT = 64;

/** How services that are often found begin, or answer what is no request of theirs; in lower case. */
const STRANGERS: readonly (readonly [begins: readonly string[], who: string])[] = [
  [['http/', '<!doctype', '<html', '<?xml'], 'an HTTP server answers there'],
  [['ssh-'], 'an SSH server answers there'],
  // Records of TLS: an alert, a handshake.
  [['\x15\x03', '\x16\x03'], 'a TLS server answers there. If it is a server of reso, use resos://'],
  [['220 ', '220-', '+ok', '* ok'], 'a mail or FTP server answers there'],
  [['-err', '-noauth', '-denied'], 'a Redis server answers there'],
];

/** Milliseconds for what a server says first, in TLS or in HELLO: what says nothing is hardly one. */
export function greetingTime({ timeout }: Pick<Settings, 'timeout'>): number {
  return Math.min(GREETING, timeout);
}

/** The wait for a server's HELLO, and who it is that answers where none comes. */
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
    const silent = `it accepts connections, but did not greet as a reso server does within ${patience / 1000} seconds`;
    this.#deadline.set(patience, () =>
      onSilence(this.#stranger ?? unreachable(settings, silent, { mostRetries: 1 })),
    );
  }

  /** Bytes came, of HELLO or of something else. */
  take(bytes: Buffer): void {
    if (this.#begin.length < LOOKED_AT) this.#begin += bytes.toString('latin1', 0, LOOKED_AT);
  }

  /** HELLO has come. Throws BAD_MESSAGE, UNSUPPORTED_VERSION. */
  heard(payload: Buffer): ServerHello {
    const hello = parseServerHello(parseJson(payload));
    if (hello.version !== PROTOCOL_VERSION) {
      throw new ProtocolError('UNSUPPORTED_VERSION', `The server goes on in version ${hello.version}.`);
    }
    this.end();
    return hello;
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#deadline.clear();
  }

  /** What came is not HELLO. */
  broken(fault: ProtocolError): ResoError {
    const { address } = this.#settings;
    if (this.#stranger) return this.#stranger;
    if (fault.code === 'BAD_FRAME') return this.#strange('another service answers there', fault);
    return new ProtocolError(fault.code, `${address} does not speak the reso protocol: ${fault.message}`, {
      address,
      cause: fault,
    });
  }

  /** The connection ended before HELLO came, because of `cause`. */
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

/** Why no server could be reached, where none has ever greeted: to run it again would not help. */
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
  return new ConnectionError('UNREACHABLE', `${address} can't be reached: ${why}.`, { address, ...context });
}
