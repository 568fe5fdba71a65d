import { hasImageExtension } from './extensions';
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
  ['OpenEXR', hex('762f310102000000')],
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
])('%s is not', (_, head) => expect(beginsLikeImage(head)).toBe(false));

test.each(['a.jpg', 'a.JPG', 'b/a.Jpeg', 'a.b.webp', 'x/a.svg', 'a.CR3'])(
  '%s has the extension of an image',
  (name) => {
    expect(hasImageExtension(name)).toBe(true);
  },
);

test.each(['a', 'jpg', 'a.jpg/b', 'a.txt', 'a.jpg.txt', 'a.', 'folder.png/readme'])('%s does not', (name) => {
  expect(hasImageExtension(name)).toBe(false);
});
