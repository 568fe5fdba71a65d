import type { Facts } from '../../facts';
import type { Directory } from './tiff';

const MAKE = 0x010f;
const MODEL = 0x0110;
const EXIF = 0x8769;
const GPS = 0x8825;
const TAKEN = 0x9003;
const DIGITIZED = 0x9004;
const TAKEN_OFFSET = 0x9011;
const DIGITIZED_OFFSET = 0x9012;

const LONGEST_CAMERA = 100;

/** The facts that a camera recorded; `first` is the image's first directory. */
export function readExif(first: Directory, withGps: boolean): Partial<Facts> {
  return {
    ...readTime(first.directory(EXIF)),
    ...readCamera(first.text(MAKE), first.text(MODEL)),
    ...(withGps ? readPlace(first.directory(GPS)) : {}),
  };
}

/** When the image was taken, or else digitized; never when a program last wrote it. */
function readTime(exif: Directory | undefined): Pick<Facts, 'taken' | 'offset'> {
  for (const [time, zone] of [
    [TAKEN, TAKEN_OFFSET],
    [DIGITIZED, DIGITIZED_OFFSET],
  ] as const) {
    const taken = readDate(exif?.text(time));
    if (taken === undefined) continue;
    const offset = exif?.text(zone);
    return { taken, ...(offset !== undefined && isOffset(offset) ? { offset } : {}) };
  }
  return {};
}

/** Cameras whose clock was never set write 0000:00:00, spaces, or an impossible date. */
function readDate(text: string | undefined): string | undefined {
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text ?? '');
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const date = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = new Date(`${date}Z`);
  if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 19) !== date) return undefined;
  const isPossible = Number(year) >= 1800 && Number(year) <= new Date().getUTCFullYear() + 1;
  return isPossible ? date : undefined;
}

function isOffset(text: string): boolean {
  return /^[+-](?:0\d|1[0-4]):[0-5]\d$/.test(text);
}

/** Many model names already begin with the maker's name. */
function readCamera(make = '', model = ''): Pick<Facts, 'camera'> {
  const both = model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`;
  const camera = both
    .replace(/[\p{Cc}\p{Cf}\ufffd]/gu, '')
    .trim()
    .slice(0, LONGEST_CAMERA);
  return camera === '' ? {} : { camera };
}

function readPlace(gps: Directory | undefined): Pick<Facts, 'gps'> {
  const latitude = readDegrees(gps, 1, 'S', 90);
  const longitude = readDegrees(gps, 3, 'W', 180);
  return latitude === undefined || longitude === undefined ? {} : { gps: { latitude, longitude } };
}

/** Degrees, minutes and seconds, and a letter for the hemisphere. */
function readDegrees(
  gps: Directory | undefined,
  tag: number,
  negative: string,
  most: number,
): number | undefined {
  const [degrees = NaN, minutes = 0, seconds = 0] = gps?.numbers(tag + 1) ?? [];
  const value = degrees + minutes / 60 + seconds / 3600;
  if (!(value <= most)) return undefined;
  const rounded = Math.round(value * 1e6) / 1e6;
  return gps?.text(tag)?.toUpperCase() === negative ? -rounded : rounded;
}
