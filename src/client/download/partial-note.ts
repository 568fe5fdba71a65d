import { isName } from '../../names';
import type { ImageState } from '../../protocol';

/** What is kept beside the bytes of a partial, so that a later run can go on from them. */
export interface PartialNote extends ImageState {
  readonly name: string;
  /** `host:port` of the server whose `version` it is. */
  readonly server: string;
}

export function formatNote(note: PartialNote): string {
  return `${JSON.stringify(note)}\n`;
}

/** The note in `text`; undefined where it is damaged: the file may have been cut by a crash, or edited. */
export function parseNote(text: string): PartialNote | undefined {
  let note: Partial<Record<keyof PartialNote, unknown>>;
  try {
    note = JSON.parse(text) as typeof note;
  } catch {
    return undefined;
  }
  const { name, server, size, mtime, version, sha256 } = note ?? {};
  if (typeof name !== 'string' || !isName(name) || typeof server !== 'string') return undefined;
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(mtime)) return undefined;
  if (typeof version !== 'string' || !/^[\x20-\x7e]{1,128}$/.test(version)) return undefined;
  if (sha256 !== undefined && (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)))
    return undefined;
  return { name, server, size: size as number, mtime: mtime as number, version, sha256 };
}
