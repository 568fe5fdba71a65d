import { Block, isInBlock, release, retain, shareBlocks } from './blocks';

test('a block is not used again before all of it was released, and never released twice', () => {
  const block = Block.take();
  const first = block.room()!.subarray(0, 300_000);
  block.received(300_000);
  expect(block.room()!.byteOffset).toBe(300_000);
  block.received(200_000);
  expect(block.room()).toBeUndefined();
  block.close();
  block.release(200_000);
  const other = Block.take();
  expect(other).not.toBe(block);
  other.close();
  release(first);
  expect(Block.take()).toBe(block);
  expect(() => release(first)).toThrow(RangeError);
});

test('what is retained is released once more', () => {
  const block = Block.take();
  const bytes = block.room()!.subarray(0, 500_000);
  block.received(500_000);
  block.close();
  retain(bytes);
  release(bytes);
  const other = Block.take();
  expect(other).not.toBe(block);
  other.close();
  release(bytes);
  expect(Block.take()).toBe(block);
});

test('once blocks are shared, bytes lie in the shared memory, each block in a place of its own', () => {
  const memory = shareBlocks();
  expect(shareBlocks()).toBe(memory);
  const blocks = Array.from({ length: 140 }, () => Block.take());
  const rooms = blocks.map((block) => block.room()!);
  const places = rooms.filter(({ buffer }) => buffer === memory).map(({ byteOffset }) => byteOffset);
  expect(places.length).toBe(memory.byteLength / 524_288);
  expect(new Set(places).size).toBe(places.length);
  expect(rooms.every(isInBlock)).toBe(true);
  blocks.forEach((block, i) => {
    block.received(i + 1);
    block.close();
  });
  // Each finds its own block, or this would be too much for one of them.
  rooms.forEach((room, i) => release(room.subarray(0, i + 1)));
  expect(() => release(rooms[0]!.subarray(0, 1))).toThrow(RangeError);
  expect(isInBlock(Buffer.alloc(10))).toBe(false);
});
