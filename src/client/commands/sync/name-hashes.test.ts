import { faultOnWindows } from './name-check';
import { Clashes } from './name-hashes';

test('finds what came twice, among many', () => {
  const clashes = new Clashes();
  for (let i = 0; i < 5000; i++) clashes.count(`${i}.jpg`);
  clashes.count('77.jpg');
  clashes.findTwice();
  expect(clashes.mayHave('77.jpg')).toBe(true);
  expect(Array.from({ length: 5000 }, (_, i) => `${i}.jpg`).filter((key) => clashes.mayHave(key))).toEqual([
    '77.jpg',
  ]);
});

test.each(['con.jpg', 'a/NUL', 'a:b.jpg', 'a./b.jpg', 'x.jpg '])('%s is nothing for Windows', (name) => {
  expect(faultOnWindows(name)).toBe(true);
});

test('ordinary names are', () => expect(faultOnWindows('console/a b.jpg')).toBe(false));
