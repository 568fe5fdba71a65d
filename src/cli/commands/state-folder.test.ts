import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultState } from './state-folder';

const folder = mkdtempSync(join(tmpdir(), 'reso-state-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'a'));
mkdirSync(join(folder, 'b'));
symlinkSync('a', join(folder, 'link'));

const warn = jest.fn();
const stateOf = (name: string, env: Record<string, string>) => defaultState(join(folder, name), env, warn);

test('one folder for each that is served, whatever it is called', () => {
  const env = { HOME: '/home/me' };
  expect(stateOf('a', env)).toMatch(/^\/home\/me\/\.cache\/reso\/[0-9a-f]{32}$/);
  expect(stateOf('link', env)).toBe(stateOf('a', env));
  expect(stateOf('b', env)).not.toBe(stateOf('a', env));
});

test('XDG_CACHE_HOME, unless it is relative', () => {
  expect(stateOf('a', { HOME: '/h', XDG_CACHE_HOME: '/cache' })).toMatch(/^\/cache\/reso\//);
  expect(stateOf('a', { HOME: '/h', XDG_CACHE_HOME: 'cache' })).toMatch(/^\/h\/\.cache\/reso\//);
  expect(warn).not.toHaveBeenCalled();
});

test('in memory, with a warning, where there is no home', () => {
  expect(stateOf('a', {})).toBeUndefined();
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('HOME is not set'));
});
