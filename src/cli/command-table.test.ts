import { COMMANDS, type CommandName } from './command-table';
import { splitLine } from './completion/words';
import { captured } from './fixtures/captured';
import { LOAD } from './load-command';
import { Asides } from './log/asides';
import { runProgram } from './program';
import { EXIT, type ExitCode } from './results/exit-code';
import { isPositional, nameOf } from './settings/option';
import { variableOf } from './settings/settings';

jest.mock('./commands/interrupt', () => ({ interruptSignal: () => new AbortController().signal }));

async function help(...argv: string[]): Promise<string> {
  const { terminal, out } = captured();
  expect(await runProgram({ argv, env: {}, terminal, asides: new Asides() })).toBe(0);
  return out();
}

/** As far as the command's own code: that is not run. */
async function run(line: string): Promise<ExitCode> {
  const { words } = splitLine(`${line} `);
  const end = words.findIndex((word) => /^[|>]/.test(word));
  const argv = words.slice(1, end === -1 ? undefined : end);
  const spy = jest.spyOn(LOAD, argv[0] as CommandName).mockReturnValue(() => Promise.resolve(EXIT.done));
  try {
    return await runProgram({ argv, env: {}, terminal: captured().terminal, asides: new Asides() });
  } finally {
    spy.mockRestore();
  }
}

test('the general help has each command once, with a line, in groups', async () => {
  const text = await help('--help');
  for (const { name, summary, group } of COMMANDS) {
    expect(text.match(new RegExp(`^  ${name}\\b.*`, 'gm'))).toEqual([expect.stringContaining(summary)]);
    expect(text).toContain(`\n${group}\n`);
  }
  expect(text).toContain('\nExamples:\n');
  expect(text).not.toContain('--bwlimit');
});

describe.each(COMMANDS)('help of $name', ({ name, options, examples }) => {
  const shown = Object.values(options).filter((option) => !isPositional(option) && !option.isHidden);

  test('has each option once, under a heading, and what is hidden not at all', async () => {
    const text = await help(name, '--help');
    for (const option of Object.values(options).filter((option) => !isPositional(option))) {
      const lines = text.match(new RegExp(`^  (?:-.*, )?${nameOf(option)}(?: .*)?$`, 'gm')) ?? [];
      expect([nameOf(option), lines.length]).toEqual([nameOf(option), option.isHidden ? 0 : 1]);
    }
    expect(shown.filter(({ group }) => group === undefined || !text.includes(`\n${group}\n`))).toEqual([]);
  });

  test('has three examples at least, which the program understands', async () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const { line } of examples) {
      expect(await help(name, '--help')).toContain(`\n  ${line}\n`);
      if (line.startsWith('reso ')) expect(await run(line)).toBe(0);
    }
  });

  test('fits a terminal of 80 columns', async () => {
    const text = await help('help', name);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

test.each(COMMANDS.flatMap(({ options }) => Object.entries(options)))(
  'the variable of %s follows from its name',
  (key, option) => {
    const name = nameOf(option).replace(/^--/, '');
    expect(variableOf(key)).toBe(`RESO_${name.replaceAll('-', '_').toUpperCase()}`);
  },
);

test('-h of ls is --human, as in ls(1)', async () => {
  expect(await help('ls', '--help')).toContain('  -h, --human ');
  expect(await help('get', '-h')).toContain('  -h, --help ');
});
