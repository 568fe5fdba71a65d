import { Places } from './connection-slots';
import { affordable, descriptorLimit } from './descriptors';

/** How each of `count` who come from there is received. */
function enter(places: Places, count: number, address = 'a'): string[] {
  return Array.from({ length: count }, () => {
    if (!places.enter(address)) return 'dropped';
    return places.isCrowded(address) ? 'told' : 'served';
  });
}

test('so many in all; one more is told, and again served once some have left', () => {
  const places = new Places({ total: 3, perAddress: 0 });
  expect(enter(places, 4)).toEqual(['served', 'served', 'served', 'told']);
  places.leave('a');
  places.leave('a');
  expect(enter(places, 1, 'b')).toEqual(['served']);
});

test('so many from one address, whatever others do', () => {
  const places = new Places({ total: 100, perAddress: 2 });
  expect(enter(places, 3)).toEqual(['served', 'served', 'told']);
  expect(enter(places, 1, 'b')).toEqual(['served']);
  places.leave('a');
  places.leave('a');
  expect(enter(places, 1)).toEqual(['served']);
});

test('a flood is dropped without a word', () => {
  expect(enter(new Places({ total: 1, perAddress: 0 }), 300).at(-1)).toBe('dropped');
  expect(enter(new Places({ total: 9999, perAddress: 1 }), 300).at(-1)).toBe('dropped');
});

test.each([
  [16_384, Infinity, 16_384],
  [16_384, 1_048_576, 16_384],
  [16_384, 20_000, 16_384],
  [16_384, 1024, 793],
  [16_384, 64, 25],
  [16_384, 20, 4],
  [10, 1024, 10],
])('%d connections with %d descriptors: %d', (wanted, descriptors, expected) => {
  expect(affordable(wanted, descriptors)).toBe(expected);
});

test('the limit of this process is known', () => expect(descriptorLimit()).toBeGreaterThan(10));
