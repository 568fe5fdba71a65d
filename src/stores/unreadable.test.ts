import { Unreadable, UnreadableReport } from './unreadable';

let warnings: string[];
let report: UnreadableReport;
beforeEach(() => {
  warnings = [];
  report = new UnreadableReport('/srv/images', (warning) => warnings.push(warning));
});

/** What is said of a scan that could not look at so many, from the one with number `first` on. */
function scan(count: number, first = 0): string[] {
  const found = new Unreadable();
  for (let i = 0; i < count; i++) found.add(`folder-${first + i}`, new Error('torn'));
  report.scanned(found);
  return warnings.splice(0);
}

const line = (i: number) => `/srv/images/folder-${i} can't be read, and is left out until it can be: torn.`;
const more = (count: number) => `${count} more folders or images can't be read, and are left out.`;

test('what was unreadable at the start is not told, what is new is, once', () => {
  expect(scan(2)).toEqual([]);
  expect(scan(3)).toEqual([line(2)]);
  expect(scan(3)).toEqual([]);
  expect(scan(2)).toEqual([]);
  expect(scan(3)).toEqual([line(2)]);
});

test('of many some are named, and the others counted', () => {
  scan(0);
  expect(scan(5)).toEqual([0, 1, 2, 3, 4].map(line));
  expect(scan(12)).toEqual([...[5, 6, 7, 8, 9].map(line), more(2)]);
});

test('of more than are remembered there is nothing new while they are not more, in whatever order they are found', () => {
  scan(0);
  expect(scan(5000)).toEqual([...[0, 1, 2, 3, 4].map(line), more(4995)]);
  expect(scan(5000, 3000)).toEqual([]);
  expect(scan(5010, 3000)).toEqual([more(10)]);
});
