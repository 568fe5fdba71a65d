/** The format of a file that begins with `head`; `unknown` if the bytes match none. */
export function formatOf(head: Buffer): string {
  for (const [signature, format] of SIGNATURES)
    if (head.subarray(0, signature.length).equals(signature)) return format;
  return LOOSE.find(([, looksRight]) => looksRight(head))?.[0] ?? 'unknown';
}

/** The signatures of TIFF and related formats. Whether such a file is `raw` depends on its contents. */
const SIGNATURES = (
  [
    ['ffd8ff', 'jpeg'],
    ['89504e470d0a1a0a', 'png'],
    ['474946383761', 'gif'],
    ['474946383961', 'gif'],
    ['49492a00', 'tiff'],
    ['4d4d002a', 'tiff'],
    ['49492b00', 'tiff'],
    ['4d4d002b', 'tiff'],
    ['ff0a', 'jxl'],
    ['0000000c4a584c200d0a870a', 'jxl'],
    ['0000000c6a5020200d0a870a', 'jp2'],
    ['ff4fff51', 'jp2'],
    ['4949bc', 'jxr'],
    ['38425053', 'psd'],
    ['762f3101', 'exr'],
    ['716f6966', 'qoi'],
    ['67696d702078636620', 'xcf'],
    ['444453207c000000', 'dds'],
    ['ab4b5458203131bb0d0a1a0a', 'ktx'],
    ['ab4b5458203230bb0d0a1a0a', 'ktx'],
    ['233f52414449414e43450a', 'hdr'],
    ['233f524742450a', 'hdr'],
    ['53445058', 'dpx'],
    ['58504453', 'dpx'],
    ['802a5fd7', 'cineon'],
    ['d75f2a80', 'cineon'],
    ['53494d504c4520203d', 'fits'],
    ['4949524f', 'raw'],
    ['49495253', 'raw'],
    ['4d4d4f52', 'raw'],
    ['49495500', 'raw'],
    ['46554a4946494c4d4343442d52415720', 'raw'],
    ['464f5662', 'raw'],
    ['004d524d', 'raw'],
  ] as const
).map(([hex, format]) => [Buffer.from(hex, 'hex'), format] as const);

const LOOSE: readonly (readonly [string, (head: Buffer) => boolean])[] = [
  ['webp', (head) => ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP'],
  ['avif', (head) => hasBrand(head, /^avi[fs]$/)],
  ['raw', (head) => hasBrand(head, /^crx $/)],
  ['heic', (head) => hasBrand(head, /^(?:he[iv][cxms]|mi[af]f|mif1|msf1|avc[is])$/)],
  ['bmp', isBmp],
  ['ico', isIcon],
  ['icns', (head) => ascii(head, 0, 4) === 'icns'],
  ['netpbm', (head) => /^P[1-7Ff]\s+[#\dW]/.test(ascii(head, 0, 64))],
  ['dicom', (head) => ascii(head, 128, 132) === 'DICM'],
  ['raw', (head) => /^(?:II|MM)$/.test(ascii(head, 0, 2)) && ascii(head, 6, 14) === 'HEAPCCDR'],
  ['raw', (head) => /^(?:IIII.waR|MMMMRaw.)$/s.test(ascii(head, 0, 8))],
  ['svg', isSvg],
];

/** Brands of an ISO base media file: the main one, then the compatible ones. */
function hasBrand(head: Buffer, brand: RegExp): boolean {
  if (ascii(head, 4, 8) !== 'ftyp') return false;
  const end = Math.min(head.readUInt32BE(0), head.length, 256);
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4)
    if (brand.test(ascii(head, at, at + 4))) return true;
  return false;
}

function isBmp(head: Buffer): boolean {
  return (
    head.length >= 26 &&
    ascii(head, 0, 2) === 'BM' &&
    [12, 16, 40, 52, 56, 64, 108, 124].includes(head.readUInt32LE(14))
  );
}

/** Icons and cursors: 0, then 1 or 2, a count, and a byte of the first entry that is always 0. */
function isIcon(head: Buffer): boolean {
  if (head.length < 22 || head.readUInt16LE(0) !== 0) return false;
  return [1, 2].includes(head.readUInt16LE(2)) && head.readUInt16LE(4) > 0 && head[9] === 0;
}

/** The part before the element may be long: drawing programs declare entities there. */
function isSvg(head: Buffer): boolean {
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  return /^<(?:\?xml|!DOCTYPE\s+svg|!--|(?:\w+:)?svg[\s>])/i.test(text) && /<(?:\w+:)?svg[\s>]/.test(text);
}

function ascii(head: Buffer, from: number, to: number): string {
  return head.toString('latin1', from, to);
}
