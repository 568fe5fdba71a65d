import { formatNote, formatRange, parseNote } from './partial-note';

const note = {
  name: 'a/b.jpg',
  server: '127.0.0.1:5005',
  size: 5,
  mtime: -7,
  version: 'v 1',
  sha256: undefined,
};

test('a note survives being written and read', () => expect(parseNote(formatNote(note))).toEqual(note));

test('a note that was cut anywhere is no note', () => {
  const text = formatNote(note).trimEnd();
  for (let length = 0; length < text.length; length++)
    expect(parseNote(text.slice(0, length))).toBeUndefined();
});

test.each([
  { name: '../a.jpg' },
  { name: undefined },
  { size: -0.5 },
  { size: '5' },
  { version: '' },
  { version: 'x'.repeat(129) },
  { version: 'a\nb' },
  { sha256: 'ABC' },
  { server: 1 },
  { mtime: null },
])('a note with %j is none', (wrong) =>
  expect(parseNote(`${JSON.stringify({ ...note, ...wrong })}\n`)).toBeUndefined(),
);

test.each(['null', '[]', '1', '""'])('%s is no note', (text) =>
  expect(parseNote(`${text}\n`)).toBeUndefined(),
);

test('lines say which ranges are there', () => {
  const text = `${formatNote({ ...note, ranges: [{ start: 0, end: 1 }] })}${formatRange({ start: 3, end: 5 })}`;
  const ranges = [
    { start: 0, end: 1 },
    { start: 3, end: 5 },
  ];
  expect(parseNote(text)).toEqual({ ...note, ranges });
  expect(parseNote(`${text}2-`)).toMatchObject({ ranges });
  expect(parseNote(`${text}all\n`)).toEqual(note);
  expect(parseNote(`${text}all\n0-2\n`)).toEqual({ ...note, ranges: [{ start: 0, end: 2 }] });
  for (const wrong of ['2-3x', '2', '3-2', '2-6', '02-3', '-1-3', '0-2-3'])
    expect(parseNote(`${text}${wrong}\n`)).toBeUndefined();
});
