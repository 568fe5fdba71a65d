import fc from 'fast-check';
import { encode, HEADER_BYTES, type PackEntry } from '../../protocol';
import { PackReader, type Fetch } from './pack-reader';

const LIMIT = 300_000;
const SHA256 = 'a'.repeat(64);

const imageOf = (name: string, size: number) => ({ name, size, mtime: 1, version: 'v', sha256: SHA256 });
const refusalOf = (name: string) => ({ name, code: 'GET_INSTEAD', message: 'no' }) as const;

function packOf(entries: readonly PackEntry[], bytes: Buffer): Buffer {
  const head = encode.packHead(1, JSON.stringify({ images: entries }), bytes.length);
  return Buffer.concat([head.subarray(HEADER_BYTES), bytes]);
}

/** A FETCH of images of these names, and what it was told. */
function fetchOf(
  names: readonly string[],
  sha256?: string,
): { fetch: Fetch; told: string[]; arrived: () => number } {
  const told: string[] = [];
  let arrived = 0;
  const sink: Fetch['sink'] = {
    arrived: (bytes) => void (arrived += bytes),
    image: (index, { name }, bytes) => void told.push(`${index} ${name} ${bytes.toString('latin1')}`),
    refused: (index, { name }) => void told.push(`${index} ${name} refused`),
  };
  return {
    fetch: { images: names.map((name) => ({ name, sha256 })), sink, told: 0 },
    told,
    arrived: () => arrived,
  };
}

function takeAll(reader: PackReader, fetch: Fetch, pack: Buffer, cuts: readonly number[]): void {
  const at = [0, ...new Set(cuts.map((cut) => cut % pack.length)), pack.length].sort((a, b) => a - b);
  for (const [i, end] of at.entries()) {
    const start = at[i - 1] ?? 0;
    if (end === start) continue;
    const piece = Buffer.from(pack.subarray(start, end));
    reader.take(fetch, piece, pack.length - end);
    // Whoever reads into the same memory again must not change what was kept of it.
    piece.fill(0xee);
  }
}

test('packs are the same however they are cut, one behind the other', () => {
  const entry = fc.oneof(fc.constant(undefined), fc.nat(300));
  fc.assert(
    fc.property(
      fc.array(fc.array(entry, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(LIMIT), { maxLength: 8 }),
      (packs, cuts) => {
        const names = packs.flatMap((pack, i) => pack.map((_, j) => `${i}/${j}.jpg`));
        const { fetch, told, arrived } = fetchOf(names);
        const reader = new PackReader(LIMIT);
        const expected: string[] = [];
        let sent = 0;
        for (const [i, pack] of packs.entries()) {
          const entries = pack.map((size, j) =>
            size === undefined ? refusalOf(`${i}/${j}.jpg`) : imageOf(`${i}/${j}.jpg`, size),
          );
          const bytes = pack.map((size, j) => String.fromCharCode(65 + j).repeat(size ?? 0));
          for (const [j, { name }] of entries.entries()) {
            const what = pack[j] === undefined ? 'refused' : bytes[j];
            expected.push(`${expected.length} ${name} ${what}`);
          }
          const whole = packOf(entries, Buffer.from(bytes.join(''), 'latin1'));
          sent += whole.length;
          takeAll(reader, fetch, whole, cuts);
        }
        expect(told).toEqual(expected);
        expect(arrived()).toBe(sent);
      },
    ),
  );
});

test('an image is handed on when its last byte has come, and not before', () => {
  const { fetch, told } = fetchOf(['a', 'b']);
  const pack = packOf([imageOf('a', 3), imageOf('b', 2)], Buffer.from('abcde'));
  const reader = new PackReader(LIMIT);
  reader.take(fetch, pack.subarray(0, -3), 3);
  expect(told).toEqual([]);
  reader.take(fetch, pack.subarray(-3, -1), 1);
  expect(told).toEqual(['0 a abc']);
  reader.take(fetch, pack.subarray(-1), 0);
  expect(told).toEqual(['0 a abc', '1 b de']);
});

const lengthens = (pack: Buffer, by: number) => {
  pack.writeUInt32BE(pack.readUInt32BE(0) + by, 0);
  return pack;
};

test.each<[string, Buffer]>([
  ['tells about an image that was not asked for', packOf([imageOf('c', 1)], Buffer.alloc(1))],
  ['tells about images in another order', packOf([imageOf('b', 1), imageOf('a', 1)], Buffer.alloc(2))],
  ['tells about an image twice', packOf([imageOf('a', 1), imageOf('a', 1)], Buffer.alloc(2))],
  ['has too few bytes', packOf([imageOf('a', 2)], Buffer.alloc(1))],
  ['has too many bytes', packOf([imageOf('a', 2)], Buffer.alloc(3))],
  ['has a table that goes beyond its end', lengthens(packOf([imageOf('a', 2)], Buffer.alloc(2)), 3)],
  ['has a table that is no JSON', lengthens(packOf([imageOf('a', 2)], Buffer.alloc(2)), 1)],
  ['is too short for a table', Buffer.alloc(3)],
  ['tells about no image', packOf([], Buffer.alloc(0))],
  ['brings an image that is too large for it', packOf([imageOf('a', 262_145)], Buffer.alloc(262_145))],
  [
    'brings an image in another state than was asked for',
    packOf([{ ...imageOf('a', 1), sha256: 'b'.repeat(64) }], Buffer.alloc(1)),
  ],
])('a pack that %s is refused, in one piece or many', (_, pack) => {
  for (const cuts of [[], Array.from(pack.subarray(0, 1000).keys())]) {
    const { fetch, told } = fetchOf(['a', 'b'], SHA256);
    expect(() => takeAll(new PackReader(LIMIT), fetch, pack, cuts)).toThrow(
      expect.objectContaining({ code: 'BAD_MESSAGE' }),
    );
    expect(told).toEqual([]);
  }
});
