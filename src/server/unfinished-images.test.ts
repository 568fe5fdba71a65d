import { UnfinishedImages } from './unfinished-images';

const image = { name: 'a.jpg', version: 'v1', size: 3000 };

afterEach(() => jest.useRealTimers());

test('an image is missing parts from its first one to its last, in whatever order they are sent', () => {
  const unfinished = new UnfinishedImages();
  expect(unfinished.has('10.0.0.1')).toBe(false);
  unfinished.sent('10.0.0.1', image, { offset: 0, length: 1000 });
  unfinished.sent('10.0.0.1', image, { offset: 2000, length: 1000 });
  expect(unfinished.has('10.0.0.1')).toBe(true);
  unfinished.sent('10.0.0.1', image, { offset: 1000, length: 1000 });
  expect(unfinished.has('10.0.0.1')).toBe(false);
});

test('what came before a download was resumed is not missing', () => {
  const unfinished = new UnfinishedImages();
  unfinished.sent('10.0.0.1', image, { offset: 2000, length: 1000 });
  expect(unfinished.has('10.0.0.1')).toBe(false);
});

test('clients, versions and images are told apart', () => {
  const unfinished = new UnfinishedImages();
  unfinished.sent('10.0.0.1', image, { offset: 0, length: 1000 });
  unfinished.sent('10.0.0.2', image, { offset: 0, length: 3000 });
  unfinished.sent('10.0.0.1', { ...image, version: 'v2' }, { offset: 0, length: 3000 });
  unfinished.sent('10.0.0.1', { ...image, name: 'b.jpg' }, { offset: 0, length: 3000 });
  expect(unfinished.has('10.0.0.1')).toBe(true);
  expect(unfinished.has('10.0.0.2')).toBe(false);
});

test('a client that asks for no more is waited for 5 seconds', () => {
  jest.useFakeTimers();
  const unfinished = new UnfinishedImages();
  unfinished.sent('10.0.0.1', image, { offset: 0, length: 1000 });
  jest.advanceTimersByTime(4999);
  expect(unfinished.has('10.0.0.1')).toBe(true);
  jest.advanceTimersByTime(1);
  expect(unfinished.has('10.0.0.1')).toBe(false);
});

test('any number of images that are never finished is bounded: the oldest ones are forgotten', () => {
  const unfinished = new UnfinishedImages();
  unfinished.sent('10.0.0.1', image, { offset: 0, length: 1000 });
  for (let i = 0; i < 255; i++) {
    unfinished.sent('10.0.0.2', { ...image, name: `${i}` }, { offset: 0, length: 1000 });
  }
  expect(unfinished.has('10.0.0.1')).toBe(true);
  unfinished.sent('10.0.0.2', { ...image, name: 'last' }, { offset: 0, length: 1000 });
  expect(unfinished.has('10.0.0.1')).toBe(false);
});
