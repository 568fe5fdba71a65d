import { ProtocolError } from '../errors';

/** A JSON object from the other side, not validated yet. */
export type Fields = Readonly<Record<string, unknown>>;

const SHA256_HEX = /^[0-9a-f]{64}$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

export function fault(message: string): ProtocolError {
  return new ProtocolError('BAD_MESSAGE', message);
}

/** `parse(fields, key)`, or undefined if the member is absent. */
export function optional<T>(
  parse: (fields: Fields, key: string) => T,
  fields: Fields,
  key: string,
): T | undefined {
  return fields[key] === undefined ? undefined : parse(fields, key);
}

export function integer(low: number, high: number) {
  return (fields: Fields, key: string): number => {
    const value = fields[key];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < low || value > high) {
      throw fault(`"${key}" must be an integer from ${low} to ${high}.`);
    }
    return value;
  };
}

/** Bytes: 0 to 2^53 - 1. */
export const byteCount = integer(0, Number.MAX_SAFE_INTEGER);

export const microseconds = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

/** A string of at most `max` characters (code points). */
export function text(max: number) {
  return (fields: Fields, key: string): string => {
    const value = fields[key];
    if (typeof value !== 'string') throw fault(`"${key}" must be a string.`);
    if (value.length > max && [...value].length > max)
      throw fault(`"${key}" is longer than ${max} characters.`);
    return value;
  };
}

/** An opaque token: 1 to 128 printable ASCII characters. */
export function token(fields: Fields, key: string): string {
  const value = text(128)(fields, key);
  if (!PRINTABLE_ASCII.test(value)) throw fault(`"${key}" must be 1 to 128 printable ASCII characters.`);
  return value;
}

export function truth(fields: Fields, key: string): boolean {
  const value = fields[key];
  if (typeof value !== 'boolean') throw fault(`"${key}" must be true or false.`);
  return value;
}

export function sha256(fields: Fields, key: string): string {
  return checkSha256(fields[key], key);
}

export function checkSha256(value: unknown, key: string): string {
  if (typeof value !== 'string' || !SHA256_HEX.test(value)) {
    throw fault(`"${key}" must be 64 lowercase hexadecimal digits.`);
  }
  return value;
}

export function object(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fault(`${what} must be a JSON object.`);
  }
  return value as Fields;
}

/** An array of at most `max` elements, each parsed by `element`. */
export function list<T>(max: number, element: (value: unknown, key: string) => T) {
  return (fields: Fields, key: string): T[] => {
    const value = fields[key];
    if (!Array.isArray(value)) throw fault(`"${key}" must be an array.`);
    if (value.length > max) throw fault(`"${key}" has more than ${max} elements.`);
    return value.map((one) => element(one, key));
  };
}

/** Versions of the protocol. The caller decides which of these numbers it knows. */
export const versionNumbers = list(16, (value, key) => {
  if (typeof value !== 'number') throw fault(`"${key}" must contain numbers.`);
  return value;
});
