import { keyTarget } from './keys';
import { justify } from './layout';

/** Ten rows of five. */
const layout = justify(new Uint16Array(50).fill(1024), { width: 1016, rowHeight: 200, gap: 4 });

test.each([
  ['ArrowLeft', 0, 0],
  ['ArrowLeft', 5, 4],
  ['ArrowRight', 49, 49],
  ['ArrowUp', 7, 2],
  ['ArrowUp', 2, 2],
  ['ArrowDown', 7, 12],
  ['ArrowDown', 48, 48],
  ['PageDown', 7, 22],
  ['PageDown', 42, 47],
  ['PageUp', 22, 7],
  ['Home', 30, 0],
  ['End', 0, 49],
  ['x', 0, undefined],
])('%s leads from %d to %s', (key, from, to) => expect(keyTarget(key, from, layout, 3)).toBe(to));

test('a screen lower than a row still moves on', () => {
  expect(keyTarget('PageDown', 0, layout, -1)).toBe(5);
});
