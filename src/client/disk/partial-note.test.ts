import { formatNote, formatWhole, parseNote } from './partial-note';

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

test('the last whole line says how much is there', () => {
  const text = `${formatNote(note)}${formatWhole(0)}${formatWhole(8)}`;
  expect(parseNote(text)).toMatchObject({ whole: 8 });
  expect(parseNote(`${text}16`)).toMatchObject({ whole: 8 });
  expect(parseNote(`${text}16x\n`)).toBeUndefined();
  expect(parseNote(`${text}${formatWhole(undefined)}`)).toEqual(note);
});
