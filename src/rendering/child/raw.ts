import type { Bytes } from './image-file';
import type { Directory } from './tiff';

const SUBFILE_TYPE = 0x00fe;
const PHOTOMETRIC = 0x0106;
const SUB_DIRECTORIES = 0x014a;
const DNG_VERSION = 0xc612;

/** Sensor data, before color interpolation. */
const SENSOR: ReadonlySet<number> = new Set([32803, 34892]);

/** Whether a TIFF is a camera's raw file. Its first directory then holds a thumbnail at most. */
export function isRaw(first: Directory, bytes: Bytes): boolean {
  if (bytes.read(8, 2).toString('latin1') === 'CR' || first.has(DNG_VERSION)) return true;
  if (SENSOR.has(first.numbers(PHOTOMETRIC)[0] ?? 0)) return true;
  const isReduced = ((first.numbers(SUBFILE_TYPE)[0] ?? 0) & 1) === 1;
  return isReduced && first.has(SUB_DIRECTORIES);
}
