import { readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';

/** A state of a server's images, and what is known about its list. */
export interface Generation {
  readonly generation: string;
  /** How many images and folders the server can't read: constant within a generation. */
  readonly unreadable: number;
}

/** Says that an index is exactly the list of one generation of one server. */
interface Mark extends Generation {
  readonly origin: string;
  /** The state of the index's file at that time: the mark applies to no other. */
  readonly file: string;
}

/** The generation of the server `origin` whose list the index at `path` is; undefined if unknown. */
export async function readMark(path: string, origin: string): Promise<Generation | undefined> {
  const text = await readFile(markOf(path), 'utf8').catch(() => undefined);
  const mark = text === undefined ? undefined : parseMark(text);
  if (mark?.origin !== origin || mark.file !== (await stateOf(path))) return undefined;
  const { generation, unreadable } = mark;
  const isWhole = generation !== undefined && Number.isSafeInteger(unreadable);
  return isWhole ? { generation, unreadable: unreadable! } : undefined;
}

/** Notes what the index at `path` is. If that can't be written, it is simply not known. */
export async function writeMark(
  path: string,
  origin: string,
  { generation, unreadable }: Generation,
): Promise<void> {
  const file = await stateOf(path);
  if (file === undefined) return;
  const temporary = `${markOf(path)}.${process.pid}`;
  try {
    await writeFile(
      temporary,
      `${JSON.stringify({ origin, generation, unreadable, file } satisfies Mark)}\n`,
    );
    await rename(temporary, markOf(path));
  } catch {
    await unlink(temporary).catch(() => undefined);
  }
}

const markOf = (path: string) => `${path}-of`;

/** Changes whenever the file is rewritten. */
export async function stateOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats && `${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino}`;
}

function parseMark(text: string): Partial<Mark> | undefined {
  try {
    return (JSON.parse(text) as Partial<Mark> | null) ?? undefined;
  } catch {
    return undefined;
  }
}
