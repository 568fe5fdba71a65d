import { surveyLine } from './survey-line';

const nothing = { symlink: 0, hidden: 0, special: 0, notImage: 0, badName: 0, unreadable: 0 };

test('counts what is served, and what is not by reason', () => {
  expect(surveyLine({ images: 1, bytes: 2048, leftOut: nothing })).toBe('serving 1 image, 2.0 KiB.');
  expect(surveyLine({ images: 0, bytes: 0, leftOut: { ...nothing, symlink: 2, notImage: 1 } })).toBe(
    'serving 0 images, 0 B. Left out: 2 symbolic links, 1 file that is no image.',
  );
});
