import { editDistance } from './edit-distance';

test.each([
  ['img.jpg', 'img.jpg', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['imgg', 'img', 1],
  ['ing', 'img', 1],
  ['landscpae', 'landscape', 1],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
  ['😀a', 'a', 1],
])('%s and %s: %d', (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
  expect(editDistance(other, one)).toBe(distance);
});
