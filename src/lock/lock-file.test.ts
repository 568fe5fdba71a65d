import { Readable } from 'node:stream';
import { LOCK_HEADER, type Lock } from './lock-format';
import { openLock } from './lock-file';

const sha256 = 'ab'.repeat(32);
const TEXT = `${LOCK_HEADER}\na.jpg\t1\t${sha256}\nä.jpg\t2\t${sha256}\n`;

async function namesIn(lock: Lock): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of lock.entries()) names.push(name);
  return names;
}

test('a stream is read once, and its entries can be had again and again', async () => {
  // Byte by byte: characters and lines come in pieces.
  const bytes = [...Buffer.from(TEXT)].map((byte) => Buffer.of(byte));
  const lock = await openLock(Readable.from(bytes));
  expect(await namesIn(lock)).toEqual(['a.jpg', 'ä.jpg']);
  expect(await namesIn(lock)).toEqual(['a.jpg', 'ä.jpg']);
});

test.each([
  ['', 'The lock file, line 1: a lock file must begin with'],
  [TEXT.slice(0, -1), 'The lock file, line 3: the last line is incomplete, so the file was truncated'],
])('what is none is refused: %j', async (text, message) => {
  await expect(openLock(Readable.from([text]))).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(message),
  });
});

test('a stream that breaks off is refused', async () => {
  async function* broken() {
    yield TEXT;
    await Promise.reject(new Error('gone'));
  }
  await expect(openLock(broken())).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining("can't be read"),
  });
});
