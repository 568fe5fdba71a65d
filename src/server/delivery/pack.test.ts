import { planPack } from './pack';

const LIMIT = 1_048_576;

function plan(sizes: readonly (number | undefined)[], buffer: Buffer | undefined = Buffer.alloc(LIMIT)) {
  const names = sizes.map((_, i) => `${i}.jpg`);
  const places = planPack(names, (name) => sizes[parseInt(name, 10)], LIMIT, buffer);
  return places.map(
    (place) => place && { from: place.byteOffset - buffer!.byteOffset, length: place.length },
  );
}

test('images lie one behind the other; those that don’t go into a pack have no place', () => {
  expect(plan([100, undefined, 200, 0, 262_145, 262_144])).toEqual([
    { from: 0, length: 100 },
    undefined,
    { from: 100, length: 200 },
    undefined,
    undefined,
    { from: 300, length: 262_144 },
  ]);
});

test('a pack ends where its limit would be passed, tables included', () => {
  const places = plan(Array<number>(20).fill(100_000));
  expect(places).toHaveLength(10);
  expect(plan(Array<number>(2000).fill(10)).length).toBeLessThanOrEqual(128);
  expect(plan([262_144, 262_144, 262_144, 262_144])).toHaveLength(3);
});

test('without memory there is no place, and at least one image is told of', () => {
  expect(planPack(['a.jpg', 'b.jpg'], () => 10, LIMIT, undefined)).toEqual([undefined, undefined]);
  expect(planPack(['x'.repeat(1000)], () => 10, 100, Buffer.alloc(100))).toHaveLength(1);
});
