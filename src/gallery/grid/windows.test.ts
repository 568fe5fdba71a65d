import type { ImageInfo } from '../api';
import { WINDOW, Windows } from './windows';

interface Asked {
  readonly from: number;
  readonly signal: AbortSignal;
  answer(): void;
  fail(): void;
}

function setUp() {
  const asked: Asked[] = [];
  const [loaded, failed]: [number[], unknown[]] = [[], []];
  const load = (from: number, count: number, signal: AbortSignal) =>
    new Promise<ImageInfo[]>((resolve, reject) => {
      const images = Array.from({ length: count }, (_, i) => ({ name: `${from + i}` }) as ImageInfo);
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      asked.push({ from, signal, answer: () => resolve(images), fail: () => reject(new Error('away')) });
    });
  const windows = new Windows(
    load,
    (from) => loaded.push(from),
    (error) => failed.push(error),
  );
  return { windows, asked, loaded, failed };
}

test('a window is loaded once, and its images are known by their places', async () => {
  const { windows, asked, loaded } = setUp();
  windows.want(10, 60);
  windows.want(20, 70);
  expect(asked.map(({ from }) => from)).toEqual([0]);
  expect(windows.at(30)).toBeUndefined();
  asked[0]!.answer();
  expect((await windows.get(30))?.name).toBe('30');
  expect(windows.at(30)?.name).toBe('30');
  expect(loaded).toEqual([0]);
});

test('what is far from where one is now is given up, without an error', async () => {
  const { windows, asked, failed } = setUp();
  windows.want(0, 50);
  windows.want(100 * WINDOW, 100 * WINDOW + 50);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await new Promise(setImmediate);
  expect(failed).toEqual([]);
  windows.want(0, 50);
  expect(asked).toHaveLength(3);
});

test('what failed is loaded again when it is wanted again', async () => {
  const { windows, asked, failed } = setUp();
  windows.want(0, 50);
  asked[0]!.fail();
  await new Promise(setImmediate);
  expect(failed).toHaveLength(1);
  windows.want(0, 50);
  expect(asked).toHaveLength(2);
});

test('only some windows are kept', async () => {
  const { windows, asked } = setUp();
  for (let i = 0; i < 100; i++) {
    windows.want(i * WINDOW, i * WINDOW + 1);
    asked.at(-1)!.answer();
    await new Promise(setImmediate);
  }
  const kept = Array.from({ length: 100 }, (_, i) => windows.at(i * WINDOW)).filter(Boolean);
  expect(kept.length).toBeLessThanOrEqual(40);
  expect(windows.at(99 * WINDOW)?.name).toBe(String(99 * WINDOW));
});

test('nothing comes after the end', async () => {
  const { windows, asked, failed } = setUp();
  windows.want(0, 50);
  windows.close();
  expect(asked[0]!.signal.aborted).toBe(true);
  await new Promise(setImmediate);
  expect(failed).toEqual([]);
});
