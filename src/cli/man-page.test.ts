import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from './command-table';
import { manPage } from './man-page';
import { EXIT } from './results/exit-code';
import { nameOf } from './settings/option';
import { variableOf } from './settings/settings';

const page = manPage('1.2.3');
const plain = page.replaceAll('\\-', '-');

test.each(COMMANDS)('$name is there, with its options and examples', ({ name, options, examples }) => {
  const section = plain.split('.SS ').find((text) => text.startsWith(`reso ${name}\n`))!;
  for (const [key, option] of Object.entries(options)) {
    const isShown = section.includes(`${nameOf(option)}`) && section.includes(`[${variableOf(key)}]`);
    expect({ key, isShown }).toEqual({ key, isShown: option.isHidden !== true });
  }
  expect(section.split('.EX')).toHaveLength(examples.length + 1);
});

test('every exit code is explained', () => {
  for (const code of Object.values(EXIT)) expect(page).toContain(`\n.B ${code}\n`);
});

test('npm installs it: that takes a list', () => {
  const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
    man: unknown;
  };
  expect(manifest.man).toEqual(['./dist/reso.1']);
});

test('it is ASCII, and names its version', () => {
  expect(page).toMatch(/^[\n -~]*$/);
  expect(page).toContain('"reso 1.2.3"');
});
