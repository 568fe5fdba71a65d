import { surveyLine } from './survey-line';

const nothing = { symlink: 0, hidden: 0, special: 0, notImage: 0, badName: 0, unreadable: 0 };

test('counts what is served, and what is not by reason', () => {
  expect(surveyLine({ images: 1, bytes: 2048, leftOut: nothing, leftOutNames: {} })).toBe(
    'serving 1 image, 2.0 KiB.',
  );
  expect(
    surveyLine({ images: 0, bytes: 0, leftOut: { ...nothing, symlink: 2, notImage: 1 }, leftOutNames: {} }),
  ).toBe('serving 0 images, 0 B. Left out: 2 symbolic links, 1 file that is not an image.');
});

test('names some of what is left out, escaped and cut, but for what is hidden', () => {
  const leftOut = { ...nothing, hidden: 1, notImage: 4, symlink: 1 };
  const leftOutNames = {
    hidden: ['.git'],
    notImage: ['a\n.xyz', 'b.xyz', `${'c'.repeat(100)}.xyz`],
    symlink: ['link'],
  };
  expect(surveyLine({ images: 0, bytes: 0, leftOut, leftOutNames })).toBe(
    'serving 0 images, 0 B. Left out: 1 symbolic link (link), 1 hidden, ' +
      `4 files that are not images (a\\n.xyz, b.xyz, ${'c'.repeat(79)}…, …; --also serves more).`,
  );
});
