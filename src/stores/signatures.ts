/** Bytes from the start of a file that `beginsLikeImage` needs. */
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
  '8a4d4e470d0a1a0a', // MNG
  '8b4a4e470d0a1a0a', // JNG
  '474946383761', // GIF87a
  '474946383961', // GIF89a
  '49492a00', // TIFF and most raw formats, little-endian
  '4d4d002a', // the same, big-endian
  '49492b00', // BigTIFF
  '4d4d002b',
  '4949bc', // JPEG XR
  'ff0a', // JPEG XL codestream
  '0000000c4a584c200d0a870a', // JPEG XL container
  '0000000c6a5020200d0a870a', // JPEG 2000
  'ff4fff51', // JPEG 2000 codestream
  'ff10ff50', // JPEG XS
  '38425053', // PSD and PSB
  '762f3101', // OpenEXR
  '716f6966', // QOI
  '464c4946', // FLIF
  '425047fb', // BPG
  '6661726266656c64', // farbfeld
  '67696d702078636620', // XCF
  '974a42320d0a1a0a', // JBIG2
  '41542654464f524d', // DjVu
  '59a66a95', // Sun raster
  'd7cdc69a', // WMF
  '2f2a2058504d202a2f', // XPM
  '444453207c000000', // DDS
  'ab4b5458203131bb0d0a1a0a', // KTX
  'ab4b5458203230bb0d0a1a0a', // KTX 2
  '13aba15c', // ASTC
  '504b4d20', // PKM
  '50565203', // PVR
  '5654460007000000', // VTF
  '233f52414449414e43450a', // Radiance HDR
  '233f524742450a',
  '53445058', // DPX, big-endian
  '58504453', // DPX, little-endian
  '802a5fd7', // Cineon, big-endian
  'd75f2a80', // Cineon, little-endian
  '53494d504c4520203d', // FITS
  '4e525244303030', // NRRD
  '4e4954463032', // NITF
  '5a495352415746494c45', // CZI, of microscopes
  'dacebe0a', // ND2, of microscopes
  '4949524f', // Olympus raw (ORF, ORI)
  '49495253',
  '4d4d4f52',
  '49495500', // Panasonic and Leica raw (RW2, RWL, RAW)
  '46554a4946494c4d4343442d52415720', // Fujifilm raw
  '464f5662', // Sigma raw
  '004d524d', // Minolta raw
].map((hex) => Buffer.from(hex, 'hex'));

const LOOSE: readonly ((head: Buffer) => boolean)[] = [
  isWebp,
  isIsoImage,
  isBmp,
  isIcon,
  isNetpbm,
  isSvg,
  isIcns,
  isIlbm,
  isDicom,
  isNifti,
  isEmf,
  isPhaseOne,
  isCiff,
];

function isWebp(head: Buffer): boolean {
  return ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP';
}

const ISO_BRANDS: ReadonlySet<string> = new Set(
  'avif avis avci avcs heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 crx'
    .split(' ')
    .map((brand) => brand.padEnd(4)),
);

/** AVIF, HEIF and CR3 use the ISO base media format, as videos do: only the brand distinguishes them. */
function isIsoImage(head: Buffer): boolean {
  return ascii(head, 4, 8) === 'ftyp' && ISO_BRANDS.has(ascii(head, 8, 12));
}

const BMP_HEADER_SIZES: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** Many texts begin with "BM" too. */
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

/** Apple's icons: the length of the file, then a first entry of printable characters. */
function isIcns(head: Buffer): boolean {
  return ascii(head, 0, 4) === 'icns' && head.length >= 12 && /^[\x20-\x7e]{4}$/.test(ascii(head, 8, 12));
}

function isIlbm(head: Buffer): boolean {
  return ascii(head, 0, 4) === 'FORM' && /^(?:ILBM|PBM )$/.test(ascii(head, 8, 12));
}

/** Medical files often have no extension at all. The bytes before the word are arbitrary. */
function isDicom(head: Buffer): boolean {
  return ascii(head, 128, 132) === 'DICM';
}

/** With the pixels in the same file, or in another one. */
function isNifti(head: Buffer): boolean {
  return /^n[+i]1\0$/.test(ascii(head, 344, 348)) || /^n[+i]2\0$/.test(ascii(head, 4, 8));
}

function isEmf(head: Buffer): boolean {
  return head.length >= 44 && head.readUInt32LE(0) === 1 && ascii(head, 40, 44) === ' EMF';
}

/** CAP, and IIQ that is not TIFF: a byte that varies, and "Raw", in one byte order or the other. */
function isPhaseOne(head: Buffer): boolean {
  return /^(?:IIII.waR|MMMMRaw.)$/s.test(ascii(head, 0, 8));
}

/** Canon's raw format before CR2. */
function isCiff(head: Buffer): boolean {
  return /^(?:II|MM)$/.test(ascii(head, 0, 2)) && ascii(head, 6, 14) === 'HEAPCCDR';
}

function ascii(head: Buffer, from: number, to: number): string {
  return head.toString('latin1', from, to);
}
