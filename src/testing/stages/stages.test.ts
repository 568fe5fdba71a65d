import { randomBytes } from 'node:crypto';
import { withFaults } from '.';
import type { Faults } from '../faults';
import { frame } from '../fixtures/frames';
import { Standstill } from '../standstill';

const frames = [frame(randomBytes(7)), frame(Buffer.alloc(0)), frame(randomBytes(40), 5, 1)];
const bytes = Buffer.concat(frames);
const flipped = Buffer.from(bytes);
flipped[20]! ^= 1;

async function* chunksOf(size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

/** What comes out when the bytes go in as chunks of this size; a cut ends it. Stalls last a turn of the event loop. */
async function outcome(size: number, faults: Faults): Promise<Buffer[]> {
  const standstill = new Standstill();
  const { signal } = new AbortController();
  const resumer = setInterval(() => standstill.end(), 1);
  const out: Buffer[] = [];
  try {
    for await (const chunk of withFaults(chunksOf(size), faults, { standstill, signal })) {
      out.push(Buffer.from(chunk));
    }
  } catch (error) {
    out.push(Buffer.from((error as Error).message));
  } finally {
    clearInterval(resumer);
  }
  return out;
}

const replayed = (from: number, to: number, at = to) =>
  Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at)]);

/** However the bytes are cut into chunks, the same comes out. */
describe.each([1, 2, 9, 10, 1000])('chunks of %i bytes', (size) => {
  test.each<[Faults, Buffer]>([
    [{}, bytes],
    [{ flipAt: 20 }, flipped],
    [{ flipAt: 1000 }, bytes],
    [{ cutAfter: 20 }, Buffer.concat([bytes.subarray(0, 20), Buffer.from('cut after 20 bytes')])],
    [{ cutAfter: 0 }, Buffer.from('cut after 0 bytes')],
    [{ cutAfter: 1000 }, bytes],
    [{ stallAfter: 20 }, bytes],
    [{ stallAfter: 0 }, bytes],
    [{ split: 3 }, bytes],
    [{ coalesce: 10 }, bytes],
    [{ coalesce: 1000 }, bytes],
    [{ bytesPerSecond: 1_000_000 }, bytes],
    [{ replay: { from: 10, to: 20 } }, replayed(10, 20)],
    [{ replay: { from: 0, to: 1, at: 60 } }, replayed(0, 1, 60)],
    [{ replay: { from: 60, to: 1000 } }, bytes],
    [{ replay: { frame: 0 } }, replayed(0, 16)],
    [{ replay: { frame: 1 } }, replayed(16, 25)],
    [{ replay: { frame: 2 } }, replayed(25, 74)],
    [{ replay: { frame: 3 } }, bytes],
    [{ split: 2, coalesce: 7, stallAfter: 11, flipAt: 20 }, flipped],
  ])('%j', async (faults, expected) => {
    expect(Buffer.concat(await outcome(size, faults))).toEqual(expected);
  });

  test('split and coalesce give chunks of the size that was asked for', async () => {
    expect((await outcome(size, { split: 3 })).every(({ length }) => length <= 3)).toBe(true);
    const sizes = (await outcome(size, { coalesce: 10 })).map(({ length }) => length);
    expect(sizes).toEqual([...Array.from({ length: 7 }, () => 10), 4]);
  });
});

test('bytes that are no frames pass as they are, and are not kept', async () => {
  async function* foreign(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 100; i++) yield Buffer.from('GET / HTTP/1.1\r\n');
  }
  const waits = { standstill: new Standstill(), signal: new AbortController().signal };
  const out: Buffer[] = [];
  for await (const chunk of withFaults(foreign(), { replay: { frame: 0 } }, waits)) out.push(chunk);
  expect(Buffer.concat(out).toString()).toBe('GET / HTTP/1.1\r\n'.repeat(100));
});
