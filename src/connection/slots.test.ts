import { affordable, descriptorLimit, ConnectionSlots } from './slots';

/** How each of `count` who come from there is received. */
function enter(slots: ConnectionSlots, count: number, address = 'a'): string[] {
  return Array.from({ length: count }, () => {
    if (!slots.enter(address)) return 'dropped';
    return slots.isCrowded(address) ? 'told' : 'served';
  });
}

test('so many in all; one more is told, and again served once some have left', () => {
  const slots = new ConnectionSlots({ total: 3, perAddress: 0 });
  expect(enter(slots, 4)).toEqual(['served', 'served', 'served', 'told']);
  slots.leave('a');
  slots.leave('a');
  expect(enter(slots, 1, 'b')).toEqual(['served']);
});

test('so many from one address, whatever others do', () => {
  const slots = new ConnectionSlots({ total: 100, perAddress: 2 });
  expect(enter(slots, 3)).toEqual(['served', 'served', 'told']);
  expect(enter(slots, 1, 'b')).toEqual(['served']);
  slots.leave('a');
  slots.leave('a');
  expect(enter(slots, 1)).toEqual(['served']);
});

test('a flood is dropped without a word', () => {
  expect(enter(new ConnectionSlots({ total: 1, perAddress: 0 }), 300).at(-1)).toBe('dropped');
  expect(enter(new ConnectionSlots({ total: 9999, perAddress: 1 }), 300).at(-1)).toBe('dropped');
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
