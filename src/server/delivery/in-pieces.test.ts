import { BufferPool, SMALLEST_BUFFER } from '../../connection';
import { InFlight } from './in-pieces';

test('where memory is short, a delivery has one buffer on its way, and two again afterwards', async () => {
  const pool = new BufferPool(SMALLEST_BUFFER);
  const flight = new InFlight(pool);
  const land = flight.launch(await flight.nextBuffer(1_000_000));
  expect(pool.isShort).toBe(true);
  const second = flight.nextBuffer(1_000_000);
  const first = await Promise.race([second, Promise.resolve('waits')]);
  expect(first).toBe('waits');
  land();
  expect((await second).length).toBe(SMALLEST_BUFFER);
});
