/** Bytes from the start of a file that `beginsLikeImage` looks at. */
export const SIGNATURE_BYTES = 512;

/** Whether a file that begins with `head` is an image by its first bytes. */
export function beginsLikeImage(head: Buffer): boolean {
  return (
    FIXED.some((signature) => head.subarray(0, signature.length).equals(signature)) ||
    LOOSE.some((looksRight) => looksRight(head))
  );
}

const FIXED: readonly Buffer[] = [
  'ffd8ff', // JPEG
  '89504e470d0a1a0a', // PNG
  '474946383761', // GIF87a
  '474946383961', // GIF89a
  '49492a00', // TIFF and most raw formats, little-endian
  '4d4d002a', // the same, big-endian
  '49492b00', // BigTIFF
  '4d4d002b',
  'ff0a', // JPEG XL codestream
  '0000000c4a584c200d0a870a', // JPEG XL container
  '0000000c6a5020200d0a870a', // JPEG 2000
  'ff4fff51', // JPEG 2000 codestream
  '38425053', // PSD
  '762f3101', // OpenEXR
  '716f6966', // QOI
  '444453207c000000', // DDS
  '233f52414449414e43450a', // Radiance HDR
  '233f524742450a',
].map((hex) => Buffer.from(hex, 'hex'));

const LOOSE: readonly ((head: Buffer) => boolean)[] = [isWebp, isIsoImage, isBmp, isIcon, isNetpbm, isSvg];

function isWebp(head: Buffer): boolean {
  return ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP';
}

const ISO_BRANDS: ReadonlySet<string> = new Set(
  'avif avis heic heix heim heis hevc hevx mif1 mif2 msf1 crx'.split(' ').map((brand) => brand.padEnd(4)),
);

/** AVIF, HEIF and CR3 are boxes of the ISO base media format, as films are: only the brand tells. */
function isIsoImage(head: Buffer): boolean {
  return ascii(head, 4, 8) === 'ftyp' && ISO_BRANDS.has(ascii(head, 8, 12));
}

const BMP_HEADER_SIZES: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** "BM" alone begins many a text. */
function isBmp(head: Buffer): boolean {
  return head.length >= 18 && ascii(head, 0, 2) === 'BM' && BMP_HEADER_SIZES.has(head.readUInt32LE(14));
}

/** ICO and CUR: reserved 0, type 1 or 2, a count, then a first entry whose reserved byte is 0. */
function isIcon(head: Buffer): boolean {
  if (head.length < 22 || head.readUInt16LE(0) !== 0) return false;
  const kind = head.readUInt16LE(2);
  const count = head.readUInt16LE(4);
  const firstImageAt = head.readUInt32LE(18);
  return (kind === 1 || kind === 2) && count > 0 && head[9] === 0 && firstImageAt === 6 + 16 * count;
}

function isNetpbm(head: Buffer): boolean {
  return /^P(?:[1-6]\s+(?:#[^\n]*\n\s*)*\d+\s+\d+\s|7\nWIDTH |[Ff]\n\d+ \d+\n)/.test(ascii(head, 0, 256));
}

function isSvg(head: Buffer): boolean {
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(text);
}

function ascii(head: Buffer, from: number, to: number): string {
  return head.toString('latin1', from, to);
}
