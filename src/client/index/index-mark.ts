import { readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';

/** A state of a server's images, and what was known of its list. */
export interface Generation {
  readonly generation: string;
  /** How much the server can't read: that is the same while the generation is. */
  readonly unreadable: number;
}

/** What an index is known to be: exactly the list of one generation of one server. */
interface Mark extends Generation {
  readonly origin: string;
  /** How the index's file was then: another one is not vouched for. */
  readonly file: string;
}

/** The generation of the server `origin` whose list the index at `path` is; undefined if that is not known. */
export async function readMark(path: string, origin: string): Promise<Generation | undefined> {
  const text = await readFile(markOf(path), 'utf8').catch(() => undefined);
  const mark = text === undefined ? undefined : parseMark(text);
  if (mark?.origin !== origin || mark.file !== (await stateOf(path))) return undefined;
  const { generation, unreadable } = mark;
  const isWhole = generation !== undefined && Number.isSafeInteger(unreadable);
  return isWhole ? { generation, unreadable: unreadable! } : undefined;
}

/** Notes what the index at `path` is. Where that can't be written it is not known, and that is all. */
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

/** What changes whenever the file is written anew. */
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
