import { surveyFields, surveyLine, type Offer } from './survey-line';

const nothing = { symlink: 0, hidden: 0, special: 0, notImage: 0, badName: 0, unreadable: 0 };
const offer: Offer = {
  folder: '/srv/images',
  addresses: ['192.0.2.7', '127.0.0.1'],
  port: 5005,
  tls: false,
  access: 'open',
};

test('counts what is served, and what is not by reason', () => {
  const leftOut = { ...nothing, symlink: 2, notImage: 1 };
  expect(surveyLine({ images: 1, bytes: 2048, leftOut, leftOutNames: {} }, offer)).toBe(
    'serving 1 image (2.0 KiB) from /srv/images on port 5005, no TLS, open to everyone. ' +
      'Left out: 2 symbolic links, 1 file that is not an image.',
  );
});

test('names some of what is left out, escaped and cut, but not what is hidden', () => {
  const leftOut = { ...nothing, hidden: 1, notImage: 4, symlink: 1 };
  const leftOutNames = {
    hidden: ['.git'],
    notImage: ['a\n.xyz', 'b.xyz', `${'c'.repeat(100)}.xyz`],
    symlink: ['link'],
  };
  expect(surveyLine({ images: 2, bytes: 2, leftOut, leftOutNames }, offer)).toContain(
    'Left out: 1 symbolic link (link), 1 hidden, ' +
      `4 files that are not images (a\\n.xyz, b.xyz, ${'c'.repeat(79)}…, …; --also serves more).`,
  );
});

test('a folder without images: says that there are none, and what to do', () => {
  const survey = { images: 0, bytes: 0, leftOut: { ...nothing, hidden: 3 }, leftOutNames: {} };
  expect(surveyLine(survey, offer)).toBe(
    'serving 0 images from /srv/images on port 5005, no TLS, open to everyone: there are none in this folder. ' +
      'Images put there are served without a restart. Left out: 3 hidden.',
  );
});

test.each([
  ['tokens', 'TLS, for clients with a token.'],
  ['certificates', 'TLS, for clients with a certificate.'],
  ['tokens and certificates', 'TLS, for clients with a token and a certificate.'],
] as const)('%s: says who gets them', (access, text) => {
  const survey = { images: 1, bytes: 1, leftOut: nothing, leftOutNames: {} };
  expect(surveyLine(survey, { ...offer, tls: true, access })).toContain(text);
});

test('programs get all of it as fields', () => {
  const survey = { images: 2, bytes: 9, leftOut: { ...nothing, hidden: 1 }, leftOutNames: {} };
  expect(surveyFields(survey, offer)).toEqual({
    ...offer,
    images: 2,
    bytes: 9,
    leftOut: { ...nothing, hidden: 1 },
  });
});
