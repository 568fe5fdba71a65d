import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { describeCause, ResoError, UsageError } from '../../errors';
import { LockParser, type Lock, type LockEntry } from './lock-format';

/** Characters that a line has at most: the longest name, escaped, and the rest. */
const LONGEST_LINE = 8192;

/**
 * The lock file at `path`, checked from its first line to its last: nothing is to be done by a file of which a part
 * makes no sense. It is read again for its entries, so that a million of them need no memory. Throws USAGE.
 */
export async function openLock(path: string): Promise<Lock> {
  await refuseStream(path);
  const lock: Lock = { entries: () => entriesOf(path) };
  const entries = lock.entries()[Symbol.asyncIterator]();
  while (!(await entries.next()).done);
  return lock;
}

/** What can be read but once would be taken for an empty file the second time. */
async function refuseStream(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile() && !found.isDirectory())
    throw new UsageError(
      `The lock file ${path} is a pipe or a device: save it as a file first, it is read twice.`,
    );
}

async function* entriesOf(path: string): AsyncGenerator<LockEntry, void, undefined> {
  const parser = new LockParser(path);
  try {
    for await (const line of linesOf(path, parser)) {
      const entry = parser.parse(line);
      if (entry) yield entry;
    }
    parser.end();
  } catch (cause) {
    if (cause instanceof ResoError) throw cause;
    throw new UsageError(`The lock file ${path} can't be read: ${describeCause(cause)}.`, { cause });
  }
}

/** Each line without its end. The last must have one, too: without it the file was cut off. */
async function* linesOf(path: string, parser: LockParser): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of createReadStream(path)) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > LONGEST_LINE)
      throw new UsageError(`${path} is no lock file: it has a line that is too long.`);
  }
  if (rest === '') return;
  parser.parse(rest);
  throw parser.fault("the line has no end, so the file isn't whole");
}
