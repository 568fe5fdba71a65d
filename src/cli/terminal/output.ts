import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { describeCause, LocalError, systemCode } from '../../errors';

/** Takes bytes, and resolves when it may be given more. */
export interface Sink {
  write(bytes: string | Uint8Array): Promise<void> | void;
}

/** Where results or messages go. If the reader has gone (`| head -1`), that is no error, but going on is no use. */
export class Output {
  readonly #name: string;
  readonly #open: () => Sink;
  readonly isTerminal: boolean;
  #sink: Sink | undefined;
  #last: Promise<void> | undefined;
  #isClosed = false;
  #failure: LocalError | undefined;

  constructor(name: string, open: () => Sink, isTerminal: boolean) {
    this.#name = name;
    this.#open = open;
    this.isTerminal = isTerminal;
  }

  /** Whether nobody takes what is written any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Why writing failed, unless the reader has just gone. */
  get failure(): LocalError | undefined {
    return this.#failure;
  }

  /** Resolves when more may be written. Never rejects: `isClosed` and `failure` tell. */
  async write(bytes: string | Uint8Array): Promise<void> {
    if (this.#isClosed) return;
    this.#last = this.#try(bytes);
    return this.#last;
  }

  /** Resolves when all that was written has gone out. */
  async flush(): Promise<void> {
    await this.#last;
  }

  async #try(bytes: string | Uint8Array): Promise<void> {
    try {
      this.#sink ??= this.#open();
      await this.#sink.write(bytes);
    } catch (cause) {
      this.#isClosed = true;
      if (systemCode(cause) === 'EPIPE') return;
      this.#failure ??= new LocalError(
        'DISK',
        `Writing to ${this.#name} failed: ${describeCause(cause)}. Make room or fix the problem, then run the command again.`,
        {
          cause,
        },
      );
    }
  }
}

export function standardOutput(): Output {
  return new Output('stdout', () => sinkOf(1), isatty(1));
}

export function standardError(): Output {
  return new Output('stderr', () => sinkOf(2), isatty(2));
}

/** Whether stdout and stderr are the same device. */
export function isOneTerminal(): boolean {
  return fstatSync(1).rdev === fstatSync(2).rdev;
}

function sinkOf(fd: 1 | 2): Sink {
  const stats = fstatSync(fd);
  const isStream = isatty(fd) || stats.isFIFO() || stats.isSocket();
  return isStream ? streamSink(fd === 1 ? process.stdout : process.stderr) : fileSink(fd);
}

function streamSink(stream: NodeJS.WritableStream): Sink {
  stream.on('error', () => undefined); // each write tells of its own
  return {
    write: (bytes) =>
      new Promise(
        (resolve, reject) => void stream.write(bytes, (error) => (error ? reject(error) : resolve())),
      ),
  };
}

/** On a full disk a write may be short. Node's own stream would not notice, so this writes by itself. */
function fileSink(fd: number): Sink {
  return {
    write(bytes) {
      const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      for (let done = 0; done < all.length;) done += writeSync(fd, all, done);
    },
  };
}
