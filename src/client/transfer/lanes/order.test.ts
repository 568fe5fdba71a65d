import { packNews, unpackNews, type News } from './order';

test('news come out as they went in, over a thread', () => {
  const placed = {
    size: 15,
    mtime: -1_000_001,
    version: 'v 1',
    sha256: 'a'.repeat(64),
    written: { mtime: -1000.001, ctime: 1_795_746_553_534.777 },
  };
  const all: News[] = [
    { id: 1, outcomes: [], bytes: 65_536, isLast: false },
    { id: 2 ** 40, outcomes: [undefined, placed, undefined, { ...placed, size: 0 }], bytes: 0, isLast: true },
    { id: 3, outcomes: [], bytes: Number.MAX_SAFE_INTEGER, isLast: true },
  ];
  expect(all.map((news) => unpackNews(structuredClone(packNews(news))))).toEqual(all);
});
