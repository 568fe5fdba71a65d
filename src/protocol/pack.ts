import { TABLE_LENGTH_BYTES } from './constants';
import { fault } from './fields';
import { parseJson } from './json';
import type { PackTable } from './messages';
import { parsePackTable } from './replies';

export interface ParsedPack extends PackTable {
  /** The bytes of its images, one behind the other; shares memory with the payload. */
  readonly bytes: Buffer;
}

/** What a client receives as PACK. Throws BAD_MESSAGE. */
export function parsePack(payload: Buffer): ParsedPack {
  const length = payload.length < TABLE_LENGTH_BYTES ? Infinity : payload.readUInt32BE(0);
  const begin = TABLE_LENGTH_BYTES + length;
  if (begin > payload.length) throw fault('The table of a pack goes beyond its end.');
  const bytes = payload.subarray(begin);
  return { ...parsePackTable(parseJson(payload.subarray(TABLE_LENGTH_BYTES, begin)), bytes.length), bytes };
}
