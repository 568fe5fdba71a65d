import { seededBytes } from './random';
import { logNormalSizes } from './sizes';

test('sizes are the same in every run, and of the mean that was asked for', () => {
  const sizes = logNormalSizes(5000, 100_000, 1);
  expect(sizes).toEqual(logNormalSizes(5000, 100_000, 1));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  expect(mean).toBeGreaterThan(95_000);
  expect(mean).toBeLessThan(105_000);
});

test('bytes are the same in every run, and go on', () => {
  const bytes = seededBytes('a');
  const whole = seededBytes('a')(20);
  expect(Buffer.concat([bytes(7), bytes(13)])).toEqual(whole);
  expect(seededBytes('b')(20)).not.toEqual(whole);
});
