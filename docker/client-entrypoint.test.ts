import { createRequire } from 'node:module';
import { COMMANDS } from '../src/cli/command-table';

interface EntryPoint {
  toProgramArguments(args: string[]): string[];
  writesToOutputFolder(args: string[]): boolean;
  onlyAsksForHelp(args: string[]): boolean;
  identityFor(uid: number, owner: { uid: number; gid: number }): { uid: number; gid: number } | undefined;
}

const entryPoint = createRequire(__filename)('./client-entrypoint.js') as EntryPoint;

describe('what the container is called with', () => {
  test.each([
    [[], ['get']],
    [['img.jpg'], ['get', 'img.jpg']],
    [
      ['img.jpg', 'ls'],
      ['get', 'img.jpg', 'ls'],
    ],
    [
      ['-j', '2', 'img.jpg'],
      ['get', '-j', '2', 'img.jpg'],
    ],
    [
      ['--', 'get'],
      ['get', '--', 'get'],
    ],
    [['ls'], ['ls']],
    [
      ['completion', 'bash'],
      ['completion', 'bash'],
    ],
    [
      ['get', '--all'],
      ['get', '--all'],
    ],
    [['--version'], ['--version']],
  ])('%j runs %j', (given, run) => {
    expect(entryPoint.toProgramArguments(given)).toEqual(run);
  });
});

test.each(COMMANDS.map(({ name }) => name))('%s is a command, not the name of an image', (name) => {
  expect(entryPoint.toProgramArguments([name])).toEqual([name]);
});

describe('whether the output folder must be writable', () => {
  test.each([
    [['get', 'img.jpg'], true],
    [['get', '--', '-o'], true],
    [['get', '-o', '-', 'img.jpg'], false],
    [['get', '-o/data', 'img.jpg'], false],
    [['get', '--output=/data', 'img.jpg'], false],
    [['get', '--overwrite', 'img.jpg'], true],
    [['ls'], false],
  ])('%j: %p', (args, expected) => {
    expect(entryPoint.writesToOutputFolder(args)).toBe(expected);
  });
});

test('help is answered whatever is mounted', () => {
  expect(entryPoint.onlyAsksForHelp(['get', '--help'])).toBe(true);
  expect(entryPoint.onlyAsksForHelp(['--version'])).toBe(true);
  expect(entryPoint.onlyAsksForHelp(['get', '--', '--help'])).toBe(false);
});

describe('who it becomes', () => {
  test('root becomes the owner of the folder', () => {
    expect(entryPoint.identityFor(0, { uid: 1234, gid: 0 })).toEqual({ uid: 1234, gid: 0 });
  });
  test('root stays root for a folder of root', () => {
    expect(entryPoint.identityFor(0, { uid: 0, gid: 5 })).toBeUndefined();
  });
  test('whoever --user names stays', () => {
    expect(entryPoint.identityFor(1000, { uid: 1234, gid: 5 })).toBeUndefined();
  });
});
