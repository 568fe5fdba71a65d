import { Block, release } from './blocks';

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
