import { UnfinishedImages } from './unfinished-images';

const MIB = 1_048_576;
const image = { name: 'a.jpg', version: 'v1', size: 4 * MIB };
const HOST = '10.0.0.1';
const OTHER = '10.0.0.2';

let unfinished: UnfinishedImages;
beforeEach(() => (unfinished = new UnfinishedImages()));
afterEach(() => jest.useRealTimers());

/** Part number `i`, a quarter of the image. */
const quarter = (i: number, of = image) => ({ ...of, offset: i * MIB, length: MIB });
const whole = (of: typeof image) => ({ ...of, offset: 0, length: of.size });

test.each([
  ['in order', [0, 1, 2, 3]],
  ['out of order', [2, 0, 3, 1]],
])('an image is missing parts from its first one to its last, %s', (_, order) => {
  expect(unfinished.has(HOST)).toBe(false);
  for (const i of order.slice(0, 3)) {
    unfinished.sent(HOST, quarter(i));
    expect(unfinished.has(HOST)).toBe(true);
  }
  unfinished.sent(HOST, quarter(order[3]!));
  expect(unfinished.has(HOST)).toBe(false);
});

test('what came before a download was resumed is not missing', () => {
  unfinished.sent(HOST, quarter(2));
  expect(unfinished.has(HOST)).toBe(true);
  unfinished.sent(HOST, quarter(3));
  expect(unfinished.has(HOST)).toBe(false);
});

test('who only looks into an image is not expected to ask for the rest', () => {
  unfinished.sent(HOST, { ...image, offset: 0, length: 16 });
  expect(unfinished.has(HOST)).toBe(false);
});

test('an image comes in parts however small they are, once there is 1 MiB of them', () => {
  const piece = 100_000;
  for (let offset = 0; offset + piece < MIB; offset += piece) {
    unfinished.sent(HOST, { ...image, offset, length: piece });
    expect(unfinished.has(HOST)).toBe(false);
  }
  unfinished.sent(HOST, { ...image, offset: 10 * piece, length: piece });
  expect(unfinished.has(HOST)).toBe(true);
  unfinished.sent(HOST, { ...image, offset: 11 * piece, length: image.size - 11 * piece });
  expect(unfinished.has(HOST)).toBe(false);
});

test('clients, versions and images are told apart', () => {
  unfinished.sent(HOST, quarter(0));
  unfinished.sent(OTHER, whole(image));
  unfinished.sent(HOST, whole({ ...image, version: 'v2' }));
  unfinished.sent(HOST, whole({ ...image, name: 'b.jpg' }));
  expect(unfinished.has(HOST)).toBe(true);
  expect(unfinished.has(OTHER)).toBe(false);
});

test('a client that asks for no more is waited for 5 seconds', () => {
  jest.useFakeTimers();
  unfinished.sent(HOST, quarter(0));
  jest.advanceTimersByTime(4999);
  expect(unfinished.has(HOST)).toBe(true);
  jest.advanceTimersByTime(1);
  expect(unfinished.has(HOST)).toBe(false);
});

test('any number of images that are never finished is bounded: the oldest ones are forgotten', () => {
  unfinished.sent(HOST, quarter(0));
  for (let i = 0; i < 255; i++) unfinished.sent(OTHER, quarter(0, { ...image, name: `${i}` }));
  expect(unfinished.has(HOST)).toBe(true);
  for (let i = 0; i < 1000; i++)
    unfinished.sent(OTHER, { ...image, name: `look ${i}`, offset: 0, length: 16 });
  expect(unfinished.has(HOST)).toBe(true);
  unfinished.sent(OTHER, quarter(0, { ...image, name: 'last' }));
  expect(unfinished.has(HOST)).toBe(false);
});
