import { pack, unpack } from './batch';
import type { Order } from './order';

test('orders of each kind come out as they went in, over a thread and back', () => {
  const orders: Order[] = [
    {
      pieces: [7, 10, 524_288, 5],
      length: 15,
      sha256: 'a'.repeat(64),
      mtime: -1_000_001,
      part: '/out/.reso/1.part',
      target: '/out/ü\u{1f308}.jpg',
      keepsOthers: true,
    },
    { stream: 3, bytes: [0, 65_536] },
    { stream: 4, bytes: Buffer.from('elsewhere') },
    {
      pieces: [],
      length: 0,
      sha256: 'b'.repeat(64),
      mtime: Number.MAX_SAFE_INTEGER,
      part: 'p',
      target: 't',
      keepsOthers: false,
    },
    { stream: 4, bytes: Buffer.from('again') },
    { stream: 4 },
  ];
  expect(unpack(structuredClone(pack(orders))).map(plain)).toEqual(orders.map(plain));
});

/** Bytes come out as a Uint8Array, whatever they were. */
function plain(order: Order): object {
  return 'stream' in order && ArrayBuffer.isView(order.bytes) ? { ...order, bytes: [...order.bytes] } : order;
}
