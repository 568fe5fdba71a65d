import { encodeFrame, type Frame, FrameReader } from './frames';
import { readMessage } from './messages';

const ANSWER = { kind: 'refused', code: 'NOT_RENDERABLE', message: 'no' };
const MESSAGE = { kind: 'answer', id: 7, answer: ANSWER, memory: 1 };

function readAll(pieces: readonly Buffer[]): Frame[] {
  const frames: Frame[] = [];
  const reader = new FrameReader((frame) => frames.push(frame));
  for (const piece of pieces) reader.push(piece);
  return frames;
}

const wire = Buffer.concat([...encodeFrame({ a: 'ä' }, Buffer.from('bytes')), ...encodeFrame({ b: 1 })]);

test.each([
  ['at once', [wire]],
  ['byte by byte', Array.from(wire, (byte) => Buffer.of(byte))],
])('frames that come %s', (_, pieces) => {
  expect(readAll(pieces)).toEqual([
    { head: { a: 'ä' }, bytes: Buffer.from('bytes') },
    { head: { b: 1 }, bytes: Buffer.alloc(0) },
  ]);
});

test.each([
  ['a head that is too long', 'ffffff00 00000000'],
  ['bytes that are too many', '02000000 ffffffff'],
  ['a head that is no JSON', '02000000 00000000 7b7b'],
])('%s', (_, hex) => {
  expect(() => readAll([Buffer.from(hex.replaceAll(' ', ''), 'hex')])).toThrow();
});

test('half a frame is waited for', () => expect(readAll([wire.subarray(0, 9)])).toEqual([]));

test('a message is read as it was said', () => expect(readMessage(MESSAGE)).toEqual(MESSAGE));

test.each([
  ['nothing', null],
  ['of an unknown kind', { kind: 'what' }],
  ['without an id', { ...MESSAGE, id: 'x' }],
  ['with a code of its own', { ...MESSAGE, answer: { ...ANSWER, code: 'FORBIDDEN' } }],
  ['with a text that never ends', { ...MESSAGE, answer: { ...ANSWER, message: 'x'.repeat(10_000) } }],
  [
    'of a type that is script',
    { ...MESSAGE, answer: { kind: 'rendition', type: 'text/html', width: 1, height: 1 } },
  ],
])('a message %s is not taken', (_, message) => expect(() => readMessage(message)).toThrow());

test('of facts only what can be one is taken', () => {
  const facts = {
    format: 'jpeg',
    canRender: 'yes',
    width: -1,
    height: 3,
    taken: { toString: 'x' },
    gps: { latitude: 91, longitude: 0 },
    more: 1,
  };
  expect(readMessage({ ...MESSAGE, answer: { kind: 'facts', facts } })).toMatchObject({
    answer: { kind: 'facts', facts: { format: 'jpeg', canRender: false } },
  });
});
