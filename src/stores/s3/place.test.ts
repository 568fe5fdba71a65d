import { isS3Url, placeOf, urlOf } from './place';

test.each([
  ['s3://photos', { bucket: 'photos', prefix: '' }, 's3://photos/'],
  ['s3://photos/', { bucket: 'photos', prefix: '' }, 's3://photos/'],
  ['s3://photos/2026', { bucket: 'photos', prefix: '2026/' }, 's3://photos/2026/'],
  ['S3://photos/a b/ü/', { bucket: 'photos', prefix: 'a b/ü/' }, 's3://photos/a b/ü/'],
])('%s', (url, place, again) => {
  expect(isS3Url(url)).toBe(true);
  expect(placeOf(url)).toEqual(place);
  expect(urlOf(placeOf(url))).toBe(again);
});

test.each([
  's3://',
  's3:///a',
  's3://b/a//c',
  's3://b/../c',
  's3://b/.hidden',
  's3://b//',
  's3://a b',
  's3://-',
])('%s is refused', (url) => expect(() => placeOf(url)).toThrow(expect.objectContaining({ code: 'USAGE' })));

test.each(['photos', './s3', 's3', 's3:/photos', 'xs3://photos'])('%s is a folder', (text) =>
  expect(isS3Url(text)).toBe(false),
);
