import { heightOf, justify, neighbour, rowAt, type LayoutOptions } from './layout';

const OPTIONS: LayoutOptions = { width: 1000, rowHeight: 200, gap: 4 };
const ratios = (...values: number[]) => Uint16Array.from(values, (value) => Math.round(value * 1024));

/** Images of all shapes, the same each time. */
function many(count: number): Uint16Array {
  let seed = 7;
  return Uint16Array.from({ length: count }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % 3000;
  });
}

test('each row but the last fills the width, with gaps between its images and none over another', () => {
  const layout = justify(many(500), OPTIONS);
  expect(layout.first.at(-1)).toBe(500);
  for (let row = 0; row < layout.rows - 1; row++) {
    let x = 0;
    for (let i = layout.first[row]!; i < layout.first[row + 1]!; i++) {
      expect(layout.row[i]).toBe(row);
      expect(Math.abs(layout.left[i]! - x)).toBeLessThanOrEqual(1);
      x = layout.left[i]! + layout.width[i]! + OPTIONS.gap;
    }
    expect(Math.abs(x - OPTIONS.gap - OPTIONS.width)).toBeLessThanOrEqual(1);
    expect(layout.top[row + 1]).toBe(layout.top[row]! + heightOf(layout, row) + OPTIONS.gap);
  }
});

test('all edges lie on whole pixels', () => {
  const { left, width, top } = justify(many(300), OPTIONS);
  for (const edges of [left, width, top]) expect([...edges].every(Number.isInteger)).toBe(true);
});

test('a last row that is short keeps its height', () => {
  const layout = justify(ratios(1.5), OPTIONS);
  expect([layout.width[0], layout.height]).toEqual([300, 200]);
});

test('strips and panoramas are cropped, and an unknown size counts as a photograph', () => {
  const { width } = justify(ratios(0.01, 0, 1, 20), { ...OPTIONS, width: 10_000 });
  expect([...width]).toEqual([80, 300, 200, 800]);
});

test('nothing is a layout, too', () => {
  expect(justify(ratios(), OPTIONS)).toMatchObject({ rows: 0, height: 0 });
});

test.each([
  [-5, 0],
  [0, 0],
  [203, 0],
  [204, 1],
  [1e9, 3],
])('at %d there is row %d', (y, row) => {
  // Rows of exactly five squares.
  const layout = justify(ratios(...Array.from({ length: 20 }, () => 1)), { ...OPTIONS, width: 1016 });
  expect(rowAt(layout, y)).toBe(row);
});

test('up and down lead to the image that is nearest', () => {
  const layout = justify(ratios(1, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1, 1), { ...OPTIONS, width: 1016 });
  expect([layout.first[1], layout.first[2]]).toEqual([5, 8]);
  expect(neighbour(layout, 0, 1)).toBe(5);
  expect(neighbour(layout, 4, 1)).toBe(7);
  expect(neighbour(layout, 7, -1)).toBe(4);
  expect([neighbour(layout, 2, -1), neighbour(layout, 8, 1)]).toEqual([2, 8]);
});

test('a million images have a place each', () => {
  const layout = justify(many(1_000_000), OPTIONS);
  expect(layout.row.length).toBe(1_000_000);
  expect(layout.first[layout.rows]).toBe(1_000_000);
  expect(layout.row.at(-1)).toBe(layout.rows - 1);
});
