import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { describeCause, ResoError, UsageError } from '../errors';
import { LockParser, type Lock, type LockEntry } from './lock-format';

/** Most characters in a line: the longest name, escaped, and the rest. */
const LONGEST_LINE = 8192;

type Bytes = Uint8Array | string;

/** The source of a lock file, which can be read more than once. */
interface Source {
  /** Its name in messages. */
  readonly name: string;
  read(): Iterable<Bytes> | AsyncIterable<Bytes>;
}

/**
 * The lock file at the path, or in the stream, `from`, validated from its first line to its last: a file that is partly
 * invalid must not be used. A file is read again for its entries, so that a million of them need no memory; a stream is kept
 * in memory. Throws USAGE.
 */
export async function openLock(from: string | AsyncIterable<Bytes>): Promise<Lock> {
  const source = typeof from === 'string' ? await fileSource(from) : await streamSource(from);
  const lock: Lock = { entries: () => entriesOf(source) };
  const entries = lock.entries()[Symbol.asyncIterator]();
  while (!(await entries.next()).done);
  return lock;
}

async function fileSource(path: string): Promise<Source> {
  await refuseStream(path);
  return { name: path, read: () => createReadStream(path) as AsyncIterable<Buffer> };
}

async function streamSource(stream: AsyncIterable<Bytes>): Promise<Source> {
  const chunks: Bytes[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk);
  } catch (cause) {
    throw unreadable('The lock file', cause);
  }
  return { name: 'The lock file', read: () => chunks };
}

/** A file that can be read only once would seem empty the second time. */
async function refuseStream(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile() && !found.isDirectory())
    throw new UsageError(
      `The lock file ${path} is a pipe or a device, but a lock file is read more than once. Save it as a file first; clients take it from stdin with --locked -.`,
    );
}

async function* entriesOf(source: Source): AsyncGenerator<LockEntry, void, undefined> {
  const parser = new LockParser(source.name);
  try {
    for await (const line of linesOf(source, parser)) {
      const entry = parser.parse(line);
      if (entry) yield entry;
    }
    parser.end();
  } catch (cause) {
    if (cause instanceof ResoError) throw cause;
    throw unreadable(`The lock file ${source.name}`, cause);
  }
}

function unreadable(what: string, cause: unknown): UsageError {
  return new UsageError(`${what} can't be read: ${describeCause(cause)}.`, { cause });
}

/** Each line without its line end. The last line must have one too: otherwise the file was truncated. */
async function* linesOf(source: Source, parser: LockParser): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of source.read()) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > LONGEST_LINE)
      throw new UsageError(`${source.name} is not a lock file: it has a line that is too long.`);
  }
  if (rest === '') return;
  parser.parse(rest);
  throw parser.fault('the last line is incomplete, so the file was truncated');
}
