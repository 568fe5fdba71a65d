import {
  forgetful,
  parseOwnLineIn,
  parseRecord,
  parseRecordIn,
  recordOf,
  seal,
  type IndexEntry,
} from './index-record';

const entry = (name: string): IndexEntry => ({
  ...{ name, size: 1, mtime: 1.5, ctime: 2.25, origin: 'o', version: 'v' },
  sha256: 'ab',
});

const NAMES = ['a.jpg', 'folder/a b,c.jpg', '\u{1f600} a".jpg', 'back\\slash.jpg', '\u00e9],["', 'tab\t.jpg'];

test.each(NAMES)(
  'a line is read as it was written, and not at all with any character changed: %j',
  (name) => {
    const { line } = recordOf(entry(name));
    expect(parseRecord(line)).toEqual({ name, forgets: false, line, entry: entry(name) });
    for (let i = 0; i < line.length; i++) {
      const changed = line.slice(0, i) + String.fromCharCode(line.charCodeAt(i) ^ 1) + line.slice(i + 1);
      expect(parseRecord(changed)).toBeUndefined();
    }
  },
);

test.each(NAMES)('a line is found in a text, and one of ours without a look at the rest: %j', (name) => {
  for (const { line, forgets, entry: known } of [recordOf(entry(name)), forgetful(name)]) {
    const text = `before\n${line}\nbehind`;
    const range = [7, 7 + line.length] as const;
    expect(parseRecordIn(text, ...range)).toEqual({ name, forgets, line, entry: known });
    expect(parseOwnLineIn(text, ...range)).toMatchObject({ name, forgets, line });
  }
});

test('versions may hold what JSON escapes, or what looks like its marks', () => {
  for (const version of ['"', '\\', ',', '","', '"]', '']) {
    const one = { ...entry('a.jpg'), version };
    expect(parseRecord(recordOf(one).line)?.entry).toEqual(one);
  }
});

test.each([
  ...[
    '',
    '[]',
    '{}',
    '[1]',
    '["a.jpg",1,2]',
    '["a.jpg",1,2,3,"o","v"]',
    '["a.jpg",1,2,3,"o","v",4]',
    '["a.jpg"',
  ],
  ...['["a.jpg",1,null,3,"o","v","ab"]', '["../a.jpg",1,2,3,"o","v","ab"]', '["",1,2,3,"o","v","ab"]'],
  ...['["a.jpg",1,2,x,"o","v","ab"]', '["a.jpg",1,2,3,4,"o","v","ab"]', '["a.jpg",,2,3,"o","v","ab"]'],
  '["a.jpg",1,2,3,"o","v","ab","c"]x',
])('what is no record is none, even where it is sealed: %s', (text) => {
  expect(parseRecord(seal(text))).toBeUndefined();
});
