import { Departure } from './visit';

test('a client that leaves aborts the signal, whether somebody has it already or asks for it later', () => {
  const departure = new Departure();
  const { signal } = departure;
  expect(signal.aborted).toBe(false);
  departure.leave();
  expect(signal.aborted).toBe(true);
  expect(departure.signal).toBe(signal);

  const early = new Departure();
  early.leave();
  expect(early.signal.aborted).toBe(true);
});
