import { columnsOf, cutToColumns } from './columns';

test.each([
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['画像', 4],
  ['😀', 2],
  ['한글', 4],
])('%s takes %d', (text, columns) => expect(columnsOf(text)).toBe(columns));

test.each([
  ['folder/img.jpg', 20, 'folder/img.jpg'],
  ['folder/img.jpg', 8, '…img.jpg'],
  ['画像', 3, '…像'],
  ['画像', 2, '…'],
  ['abc', 0, ''],
])('%s in %d columns', (text, columns, cut) => expect(cutToColumns(text, columns)).toBe(cut));
