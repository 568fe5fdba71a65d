import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { describeCause, ResoError, UsageError } from '../../errors';
import { LockParser, type Lock, type LockEntry } from './lock-format';

/** Characters that a line has at most: the longest name, escaped, and the rest. */
const LONGEST_LINE = 8192;

type Bytes = Uint8Array | string;

/** What a lock file is read from, more than once. */
interface Source {
  /** What messages call it. */
  readonly name: string;
  read(): Iterable<Bytes> | AsyncIterable<Bytes>;
}

/**
 * The lock file at the path, or in the stream, `from`, checked from its first line to its last: nothing is to be done
 * by a file of which a part makes no sense. A file is read again for its entries, so that a million of them need no
 * memory; a stream is kept. Throws USAGE.
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

/** What can be read but once would be taken for an empty file the second time. */
async function refuseStream(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile() && !found.isDirectory())
    throw new UsageError(
      `The lock file ${path} is a pipe or a device, and a lock file is read twice: give --locked -, or save it as a file first.`,
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

/** Each line without its end. The last must have one, too: without it the file was cut off. */
async function* linesOf(source: Source, parser: LockParser): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of source.read()) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > LONGEST_LINE)
      throw new UsageError(`${source.name} is no lock file: it has a line that is too long.`);
  }
  if (rest === '') return;
  parser.parse(rest);
  throw parser.fault("the line has no end, so the file isn't whole");
}
