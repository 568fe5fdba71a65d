import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVE_OPTIONS } from './serve-options';
import { variableOf } from './settings';

const page = readFileSync(join(__dirname, '../../../docs/operations.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| `(--|\[)/.test(line));

test.each(Object.entries(SERVE_OPTIONS))('docs/operations.md explains %s', (key, { flags }) => {
  const name = /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags;
  const row = rows.find((line) => line.includes(`\`${name}\``));
  expect(row).toContain(`\`${variableOf(key)}\``);
});

test('it explains no option that there is not', () => {
  const known = Object.values(SERVE_OPTIONS).map(({ flags }) => /--[a-z0-9-]+/.exec(flags)?.[0]);
  const named = rows.flatMap((line) => line.split('|')[1]!.match(/--[a-z0-9-]+/g) ?? []);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
