const FIRST_SURROGATE = 0xd800;
const BEHIND_SURROGATES = 0xe000;

/**
 * Compares names by their UTF-8 bytes, without encoding them. UTF-16 order differs only where a surrogate (a character
 * beyond U+FFFF) meets a character from U+E000 to U+FFFF.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  const surrogate = unit >= FIRST_SURROGATE && unit < BEHIND_SURROGATES;
  return surrogate ? unit + 0x10000 : unit;
}
