import { UsageError } from '../../errors';

/** Turns what a person wrote into a value, or throws USAGE with what would be right. */
export type Parser<T> = (text: string) => T;

const TRUE = new Set(['1', 'true', 'yes', 'on']);
const FALSE = new Set(['0', 'false', 'no', 'off']);

/** Decimal digits only: not `12abc`, `1e3`, `0x10` or ` 7`. */
export function integerFrom(low: number, high: number): Parser<number> {
  return (text) => {
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= low && value <= high) return value;
    throw new UsageError(`must be a whole number from ${low} to ${high}, not '${text}'`);
  };
}

/** `https://nas.example.org/photos`, without a query. */
export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return url.href;
  throw new UsageError(`must be a URL like https://nas.example.org/photos, not '${text}'`);
}

/** Whether what is to be served is a bucket, not a folder of this machine. */
export function isS3(folder: string): boolean {
  return /^s3:\/\//i.test(folder);
}

export function nonEmpty(text: string): string {
  if (text === '') throw new UsageError('must not be empty');
  if (text.includes('\0')) throw new UsageError('must not contain a NUL character');
  return text;
}

export function truth(text: string): boolean {
  const word = text.toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  throw new UsageError(`must be 1, true, yes or on, or 0, false, no or off, not '${text}'`);
}

export function oneOf<T extends string>(...words: readonly T[]): Parser<T> {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new UsageError(`must be ${words.join(' or ')}, not '${text}'`);
  };
}

const SECONDS_IN: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds, plain or with a unit behind them: `90`, `90s`, `2m`, `1h`. */
export function secondsFrom(low: number, high: number): Parser<number> {
  return (text) => {
    const [, digits, unit = ''] = /^([0-9]{1,9})([smhd]?)$/.exec(text) ?? [];
    const value = digits === undefined ? NaN : Number(digits) * SECONDS_IN[unit]!;
    if (value >= low && value <= high) return value;
    throw new UsageError(`must be ${low} to ${high} seconds, such as 30, 30s or 2m, not '${text}'`);
  };
}

const POWERS = ['', 'K', 'M', 'G'];

/** Bytes. K and KiB are 1024 of them, as in curl, and KB is 1000. A small b is refused: it would be a bit. */
export function bytesFrom(low: number): Parser<number> {
  return (text) => {
    const [, digits, unit = '', rest] =
      /^([0-9]{1,12}(?:\.[0-9]{1,3})?)(?:([KMGkmg])(iB|B)?)?$/.exec(text) ?? [];
    const base = rest === 'B' ? 1000 : 1024;
    const value = Math.round(Number(digits) * base ** POWERS.indexOf(unit.toUpperCase()));
    if (value >= low && value <= Number.MAX_SAFE_INTEGER) return value;
    throw new UsageError(`must be a number of bytes, ${low} or more, such as 500K or 10M, not '${text}'`);
  };
}
