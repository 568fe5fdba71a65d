import { MemoryDigests } from './memory-digests';

const blocks = (count: number) => ({ blockSize: 65_536, bytes: Buffer.alloc(32 * count) });

test('what was not asked for the longest goes first, and memory stays bounded', () => {
  const digests = new MemoryDigests(5000);
  for (const name of ['a', 'b', 'c']) digests.keep(name, 'v', { sha256: name, blocks: blocks(30) });
  expect(digests.image('a', 'v')).toBe('a');
  digests.keep('d', 'v', { sha256: 'd', blocks: blocks(30) });
  expect(['a', 'b', 'c', 'd'].map((name) => digests.image(name, 'v'))).toEqual(['a', undefined, 'c', 'd']);
});

test('an entry larger than all the room there is does not stay', () => {
  const digests = new MemoryDigests(1000);
  digests.keep('a', 'v', { sha256: 'a', blocks: blocks(100) });
  expect(digests.image('a', 'v')).toBeUndefined();
  digests.keep('b', 'v', { sha256: 'b' });
  expect(digests.image('b', 'v')).toBe('b');
});

test('another version, another block size: unknown', () => {
  const digests = new MemoryDigests();
  digests.keep('a', 'v', { sha256: 'a', blocks: blocks(1) });
  expect(digests.image('a', 'w')).toBeUndefined();
  expect(digests.blocks('a', 'v', 1024)).toBeUndefined();
  digests.keep('a', 'w', { sha256: 'b' });
  expect(digests.blocks('a', 'w', 65_536)).toBeUndefined();
});
