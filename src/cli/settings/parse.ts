import { UsageError } from '../../errors';

/** Turns what a person wrote into a value, or throws USAGE with what would be right. */
export type Parser<T> = (text: string) => T;

const TRUE = new Set(['1', 'true', 'yes', 'on']);
const FALSE = new Set(['0', 'false', 'no', 'off']);

/** Strictly decimal digits: `12abc`, `1e3`, `0x10` and ` 7` are none. */
export function integerFrom(low: number, high: number): Parser<number> {
  return (text) => {
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= low && value <= high) return value;
    throw new UsageError(`must be a whole number from ${low} to ${high}, not '${text}'`);
  };
}

export function nonEmpty(text: string): string {
  if (text === '') throw new UsageError('must not be empty');
  if (text.includes('\0')) throw new UsageError('must not hold a NUL character');
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

const POWERS = ['', 'K', 'M', 'G'];

/** Bytes. K, M or G behind the number are powers of 1,024, as in curl. */
export function bytesFrom(low: number): Parser<number> {
  return (text) => {
    const [, digits, unit = ''] = /^([0-9]{1,12}(?:\.[0-9]{1,3})?)([KMG]?)$/i.exec(text) ?? [];
    const value = Math.round(Number(digits) * 1024 ** POWERS.indexOf(unit.toUpperCase()));
    if (value >= low && value <= Number.MAX_SAFE_INTEGER) return value;
    throw new UsageError(`must be a number of bytes from ${low} on, as 500K or 10M, not '${text}'`);
  };
}
