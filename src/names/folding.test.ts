import { folder, foldName } from './folding';

test('names that become one by case or Unicode form', () => {
  const fold = folder({ ignoresCase: true, normalizes: true });
  expect(fold('A\u00c9.jpg')).toBe(fold('ae\u0301.JPG'));
  expect(folder({ ignoresCase: false, normalizes: true })('A')).toBe('A');
});

test('names that are one anywhere', () => {
  expect(foldName('A\u00c9.jpg')).toBe(foldName('ae\u0301.JPG'));
  expect(foldName('D/A.jpg')).toBe(foldName('d/a.JPG'));
  // The Kelvin sign: its lower case is of ASCII.
  expect(foldName('\u212a.jpg')).toBe(foldName('k.jpg'));
});
