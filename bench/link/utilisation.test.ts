import { utilisation } from './utilisation';

const steady = Array.from({ length: 101 }, (_, index) => ({ ms: index * 10, bytes: index * 1000 }));

test('the rate between the tenths, as a share', () => expect(utilisation(steady, 200_000)).toBeCloseTo(0.5));

test('a slow start and a long end do not count', () => {
  const idle = [{ ms: -5000, bytes: 0 }, ...steady, { ms: 9000, bytes: 100_000 }];
  expect(utilisation(idle, 100_000)).toBeCloseTo(1);
});

test.each([[[]], [[{ ms: 1, bytes: 10 }]]])('too little to tell: %j', (samples) =>
  expect(utilisation(samples, 1)).toBeUndefined(),
);
