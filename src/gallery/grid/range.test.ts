import { justify } from './layout';
import { rangeAt } from './range';

const squares = new Uint16Array(10_000).fill(1024);
/** Rows of five, 204 pixels apart. */
const layout = justify(squares, { width: 1016, rowHeight: 200, gap: 4 });

test('what is on the screen, and a screen above and below', () => {
  expect(rangeAt(layout, 20_400, 1000)).toEqual({ from: 475, to: 550, seenFrom: 500, seenTo: 525 });
});

test('at the ends', () => {
  expect(rangeAt(layout, 0, 1000)).toMatchObject({ from: 0, seenFrom: 0 });
  expect(rangeAt(layout, layout.height - 1000, 1000)).toMatchObject({ to: 10_000, seenTo: 10_000 });
});

test('there are never too many cells, but always those on the screen', () => {
  const small = justify(squares, { width: 2000, rowHeight: 50, gap: 4 });
  for (const screen of [200, 900, 5000]) {
    const { from, to, seenFrom, seenTo } = rangeAt(small, 5000, screen);
    expect(to - from).toBeLessThanOrEqual(Math.max(190, seenTo - seenFrom));
    expect([from <= seenFrom, to >= seenTo]).toEqual([true, true]);
  }
});
