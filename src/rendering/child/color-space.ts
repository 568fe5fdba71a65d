import type { Metadata } from 'sharp';

const SPACES: Readonly<Record<string, string>> = {
  srgb: 'sRGB',
  rgb: 'sRGB',
  rgb16: 'sRGB',
  'b-w': 'gray',
  grey16: 'gray',
  cmyk: 'CMYK',
  lab: 'Lab',
};

const LONGEST_NAME = 80;

/** The name of the color profile; without one, the color space of the pixels. */
export function colorSpaceOf({ icc, space }: Metadata): string | undefined {
  return (icc && profileName(icc)) ?? SPACES[space ?? ''] ?? space;
}

function profileName(icc: Buffer): string | undefined {
  try {
    const name = describe(icc)
      .split('\0')[0]!
      .replace(/[^\x20-\x7e\u00a1-\u024f]/g, '')
      .trim();
    return name === '' ? undefined : name.slice(0, LONGEST_NAME);
  } catch {
    // Damaged: the profile ends before its name.
    return undefined;
  }
}

/** The profile's tag `desc`: plain text up to version 2, a list of translations since version 4. */
function describe(icc: Buffer): string {
  const count = Math.min(icc.readUInt32BE(128), 100);
  for (let at = 132; at < 132 + count * 12; at += 12) {
    if (icc.toString('latin1', at, at + 4) !== 'desc') continue;
    const tag = icc.subarray(icc.readUInt32BE(at + 4));
    if (tag.toString('latin1', 0, 4) === 'desc') return tag.toString('latin1', 12, 12 + tag.readUInt32BE(8));
    const [length, offset] = [tag.readUInt32BE(20), tag.readUInt32BE(24)];
    return Buffer.from(tag.subarray(offset, offset + (length & ~1)))
      .swap16()
      .toString('utf16le');
  }
  return '';
}
