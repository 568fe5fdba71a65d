import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesFrom, pieces } from './names-from';

const folder = mkdtempSync(join(tmpdir(), 'reso-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function gather(names: AsyncIterable<string | { name: string }>): Promise<string[]> {
  const all: string[] = [];
  for await (const one of names) all.push(typeof one === 'string' ? one : one.name);
  return all;
}

async function read(content: string, endsInNul: boolean): Promise<string[]> {
  const file = join(folder, 'names');
  writeFileSync(file, content);
  return gather(namesFrom(file, endsInNul));
}

test('one name per line', async () => {
  expect(await read('a.jpg\r\n\n b c.png \n\r\nlast', false)).toEqual(['a.jpg', ' b c.png ', 'last']);
  expect(await read('', false)).toEqual([]);
});

test('a byte order mark and the ./ of find are not part of a name', async () => {
  expect(await read('\ufeff./a.jpg\r\n.//b/c.jpg\r\n.\r\n\ufeffd.jpg', false)).toEqual([
    'a.jpg',
    'b/c.jpg',
    '.',
    '\ufeffd.jpg',
  ]);
  expect(await read('./a.jpg\0\ufeffb.jpg\0', true)).toEqual(['a.jpg', '\ufeffb.jpg']);
});

test('names that end in NUL may contain anything else', async () => {
  expect(await read('a\nb\r\0c\0\0', true)).toEqual(['a\nb\r', 'c']);
});

test('characters cut by chunks stay whole', async () => {
  const bytes = Buffer.from('ü\n画像\n');
  const chunks = Array.from(bytes, (byte) => Buffer.from([byte]));
  const input = (async function* () {
    yield* chunks;
  })();
  expect(await gather(pieces(input, '\n'))).toEqual(['ü', '画像']);
});

test('a file that does not exist', async () => {
  await expect(gather(namesFrom(join(folder, 'nothing'), false))).rejects.toThrow(
    /^Can't read names from .*nothing: no such file or folder\.$/,
  );
  await expect(gather(namesFrom(folder, false))).rejects.toMatchObject({ code: 'USAGE' });
});
