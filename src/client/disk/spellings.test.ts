import { otherSpellings } from './spellings';

test('each part in other case and other Unicode form, apart', () => {
  expect(otherSpellings('d/x1.jpg')).toEqual(['D/x1.jpg', 'd/X1.JPG']);
  expect(otherSpellings('ae\u0301')).toEqual(['AE\u0301', 'a\u00e9']);
});

test('where there are no letters of ASCII, others count', () => {
  expect(otherSpellings('\u00e4')).toEqual(['\u00c4', 'a\u0308']);
});

test('what has no case has no other spelling', () => expect(otherSpellings('1/2')).toEqual([]));
