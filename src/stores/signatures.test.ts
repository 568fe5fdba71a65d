import { hasImageExtension } from '../names';
import { beginsLikeImage } from './signatures';

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

test.each([
  ['JPEG', hex('ffd8ffe0')],
  ['PNG', hex('89504e470d0a1a0a 00')],
  ['GIF', Buffer.from('GIF89a....')],
  ['WebP', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ')],
  ['AVIF', Buffer.from('\0\0\0\x1cftypavif\0\0\0\0')],
  ['HEIC', Buffer.from('\0\0\0\x1cftypheic\0\0\0\0')],
  ['TIFF', hex('49492a0008000000')],
  ['BigTIFF', hex('4d4d002b0008')],
  ['BMP', Buffer.concat([Buffer.from('BM'), Buffer.alloc(12), hex('28000000'), Buffer.alloc(20)])],
  ['ICO', Buffer.concat([hex('000001000100 20200000 01002000 a8100000 16000000'), Buffer.alloc(8)])],
  ['PPM', Buffer.from('P6\n# by hand\n640 480\n255\n')],
  ['PAM', Buffer.from('P7\nWIDTH 4\n')],
  ['SVG', Buffer.from('<?xml version="1.0"?>\n<!-- by hand -->\n<svg xmlns="http://www.w3.org/2000/svg">')],
  ['JPEG XL', hex('0000000c4a584c200d0a870a')],
  ['QOI', Buffer.from('qoif\0\0')],
  ['PSD', Buffer.from('8BPS\0\x01')],
  ['PSB', Buffer.from('8BPS\0\x02')],
  ['OpenEXR', hex('762f310102000000')],
  ['MNG', hex('8a4d4e470d0a1a0a 00')],
  ['JPEG XR', hex('4949bc01 20000000')],
  ['JPEG XS', hex('ff10ff50')],
  ['FLIF', Buffer.from('FLIF1100')],
  ['BPG', hex('425047fb 20')],
  ['farbfeld', Buffer.from('farbfeld\0\0\0\x01')],
  ['XCF', Buffer.from('gimp xcf v011\0')],
  ['DjVu', Buffer.from('AT&TFORM\0\0\0\x10DJVU')],
  ['KTX 2', hex('ab4b5458203230bb0d0a1a0a')],
  ['Apple icons', Buffer.from('icns\0\0\x10\0ic09')],
  ['ILBM', Buffer.from('FORM\0\0\x10\0ILBMBMHD')],
  ['EMF', Buffer.concat([hex('01000000'), Buffer.alloc(36), Buffer.from(' EMF')])],
  ['DPX', Buffer.from('SDPX\0\0\x08\0V2.0')],
  ['DPX, little-endian', Buffer.from('XPDS\0\x08\0\0V2.0')],
  ['Cineon', hex('802a5fd7 00000800')],
  ['Cineon, little-endian', hex('d75f2a80 00080000')],
  ['DICOM', Buffer.concat([Buffer.alloc(128, 7), Buffer.from('DICM\x02\0\0\0UL')])],
  ['FITS', Buffer.from('SIMPLE  =                    T')],
  ['NIfTI', Buffer.concat([hex('5c010000'), Buffer.alloc(340), Buffer.from('n+1\0')])],
  ['NIfTI 2', Buffer.concat([hex('1c020000'), Buffer.from('n+2\0\r\n\x1a\n')])],
  ['NRRD', Buffer.from('NRRD0005\n')],
  ['NITF', Buffer.from('NITF02.10')],
  ['CZI', Buffer.from('ZISRAWFILE\0\0')],
  ['ND2', hex('dacebe0a')],
  ['Olympus raw', Buffer.from('IIRO\x08\0\0\0')],
  ['Panasonic raw', hex('49495500 08000000')],
  ['Fujifilm raw', Buffer.from('FUJIFILMCCD-RAW 0201')],
  ['Sigma raw', Buffer.from('FOVb\x03\0\x02\0')],
  ['Minolta raw', hex('004d524d 00012345')],
  ['Phase One raw', hex('49494949 31776152 00100000')],
  ['Phase One raw, big-endian', hex('4d4d4d4d 52617731 00001000')],
  ['Canon CRW', Buffer.concat([hex('4949 1a000000'), Buffer.from('HEAPCCDR')])],
])('%s is an image by its first bytes', (_, head) => expect(beginsLikeImage(head)).toBe(true));

test.each([
  ['nothing', Buffer.alloc(0)],
  ['one byte', hex('ff')],
  ['a text that begins with BM', Buffer.from('BMW is a maker of cars, and this is a text.')],
  ['a film', Buffer.from('\0\0\0\x1cftypisom\0\0\0\0')],
  ['a sound', Buffer.from('RIFF\x10\0\0\0WAVEfmt ')],
  ['XML that is no SVG', Buffer.from('<?xml version="1.0"?><rss><svg/></rss>')],
  ['a text about P6', Buffer.from('P6 is a postcode')],
  ['zeros', Buffer.alloc(64)],
  ['a program', hex('7f454c46020101')],
  ['a capture of a network', hex('d4c3b2a1 02000400')],
  ['a sound in a FORM', Buffer.from('FORM\0\0\x10\0AIFFCOMM')],
  ['a text that begins with IIII', Buffer.from('IIII is how a clock writes four.')],
])('%s is not', (_, head) => expect(beginsLikeImage(head)).toBe(false));

test.each([
  'a.jpg',
  'a.JPG',
  'b/a.Jpeg',
  'a.b.webp',
  'x/a.svg',
  'a.CR3',
  'a.ORI',
  'a.raw',
  'a.CAP',
  'a.dcm',
  'a.DPX',
  'a.cin',
])('%s has the extension of an image', (name) => {
  expect(hasImageExtension(name)).toBe(true);
});

test.each(['a', 'jpg', 'a.jpg/b', 'a.txt', 'a.jpg.txt', 'a.', 'folder.png/readme'])('%s does not', (name) => {
  expect(hasImageExtension(name)).toBe(false);
});
