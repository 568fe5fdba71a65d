import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_CODES, WIRE_CODES } from '../../errors';
import { EXIT, EXIT_OF } from './exit-code';

const page = (name: string) => readFileSync(join(__dirname, '../../../docs', name), 'utf8');

/** Rows of the tables below a heading, as cells. */
function rowsBelow(text: string, heading: string): string[][] {
  const [, section = ''] = text.split(`\n${heading}\n`);
  const own = section.split(/\n#+ /)[0]!;
  const rows = own.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codeOf = (row: string[]) => row[0]!.replaceAll('`', '');
const errors = page('errors.md');
const wire = rowsBelow(errors, '## Errors from the server');
const local = rowsBelow(errors, '## Local errors');

test('docs/errors.md has every code, and no other', () => {
  expect(wire.map(codeOf)).toEqual([...WIRE_CODES]);
  expect(local.map(codeOf)).toEqual([...LOCAL_CODES]);
});

test('docs/errors.md says of each code what it means, what to do, and the exit code', () => {
  for (const [name, meaning, todo, exit] of [...wire, ...local]) {
    const code = codeOf([name!]) as keyof typeof EXIT_OF;
    expect([code, meaning !== '', todo !== '', Number(exit)]).toEqual([code, true, true, EXIT_OF[code]]);
  }
});

test('docs/errors.md has every exit code', () => {
  const numbers = rowsBelow(errors, '## Exit codes').map(codeOf).map(Number);
  expect(numbers).toEqual(Object.values(EXIT).sort((a, b) => a - b));
});

test("docs/protocol.md's table has the codes that travel, and no other", () => {
  const section = page('protocol.md')
    .split(/\n### ERROR [^\n]*\n/)[1]!
    .split(/\n#+ /)[0]!;
  const codes = [...section.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code!);
  expect(codes.sort()).toEqual([...WIRE_CODES].sort());
});
