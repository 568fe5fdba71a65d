import { join } from 'node:path';
import { runCommand } from './support/run-command';
import { testRun } from './support/test-run';

const page = () => join(testRun().built, 'dist/reso.1');
const setting = { cwd: '/', environment: { LC_ALL: 'C.UTF-8', MANWIDTH: '80' } };

test('man shows it, without a warning', async () => {
  const { exitCode, stdout, stderr } = await runCommand(setting, 'man', '--warnings', '-l', page());
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  for (const part of [
    'NAME',
    'SYNOPSIS',
    'COMMANDS',
    'reso get',
    '--files-from <FILE>',
    'RESO_TOKEN_FILE',
    'EXIT STATUS',
  ])
    expect(stdout).toContain(part);
});

test('groff has nothing to say about it', async () => {
  const checked = await runCommand(setting, 'groff', '-man', '-Tutf8', '-ww', '-z', page());
  expect(checked).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});
