import sharp from 'sharp';
import { readJpegFrame } from './jpeg-frame';

const read = (jpeg: Buffer) => readJpegFrame({ read: (at, length) => jpeg.subarray(at, at + length) });
const plain = () => sharp({ create: { width: 60, height: 40, channels: 3, background: '#c03010' } });

test.each([
  ['a plain one', () => plain().jpeg(), { isProgressive: false, samples: 1.5 }],
  ['a progressive one', () => plain().jpeg({ progressive: true }), { isProgressive: true, samples: 1.5 }],
  ['whole colors', () => plain().jpeg({ chromaSubsampling: '4:4:4' }), { isProgressive: false, samples: 3 }],
  [
    'gray',
    () => plain().toColorspace('b-w').jpeg({ progressive: true }),
    { isProgressive: true, samples: 1 },
  ],
  ['CMYK', () => plain().toColorspace('cmyk').jpeg(), { isProgressive: false, samples: 4 }],
  [
    'much metadata',
    () =>
      plain()
        .withExif({ IFD0: { Copyright: 'x'.repeat(60_000) } })
        .jpeg(),
    { samples: 1.5 },
  ],
])('%s', async (_, make, expected) => {
  expect(read(await make().toBuffer())).toMatchObject({ width: 60, height: 40, ...expected });
});

test.each([
  ['nothing', ''],
  ['one that ends in its header', 'ffd8ffe000104a464946'],
  ['segments of no length', `ffd8${'ffe00000'.repeat(1000)}`],
  ['what is none', '00'.repeat(100)],
])('%s tells nothing', (_, hex) => expect(read(Buffer.from(hex, 'hex'))).toBeUndefined());
