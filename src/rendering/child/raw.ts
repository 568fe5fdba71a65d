import type { Bytes } from './image-file';
import type { Directory } from './tiff';

const SUBFILE_TYPE = 0x00fe;
const PHOTOMETRIC = 0x0106;
const SUB_DIRECTORIES = 0x014a;
const DNG_VERSION = 0xc612;

/** The pixels of a sensor, before any color was made of them. */
const SENSOR: ReadonlySet<number> = new Set([32803, 34892]);

/** Whether a TIFF is the raw file of a camera. What its first directory has is a thumbnail then, if anything. */
export function isRaw(first: Directory, bytes: Bytes): boolean {
  if (bytes.read(8, 2).toString('latin1') === 'CR' || first.has(DNG_VERSION)) return true;
  if (SENSOR.has(first.numbers(PHOTOMETRIC)[0] ?? 0)) return true;
  const isReduced = ((first.numbers(SUBFILE_TYPE)[0] ?? 0) & 1) === 1;
  return isReduced && first.has(SUB_DIRECTORIES);
}
