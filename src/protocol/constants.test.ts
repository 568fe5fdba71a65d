import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { MAX_GLOB_BYTES, MAX_GLOBS, MAX_GLOBS_BYTES } from '../names';
import { VERSION } from './agent';
import * as constants from './constants';
import { BLOCK_SIZE_RANGE, clampLimits, DEFAULT_LIMITS, LIMIT_RANGES } from './limits';
import { MessageType } from './message-type';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'protocol.md'), 'utf8');
const number = (value: number) => value.toLocaleString('en-US');

test('protocol.md and the code know the same message types', () => {
  const documented = [...page.matchAll(/^\| `(0x[0-9a-f]{2})` \| ([A-Z]+)/gm)].map(([, hex, name]) => [
    name,
    Number(hex),
  ]);
  expect(Object.fromEntries(documented)).toEqual({ ...MessageType });
});

test('protocol.md states the limits that the code has', () => {
  for (const [name, [low, high]] of Object.entries(LIMIT_RANGES)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` `) && line.includes(' to '));
    const [, standard, range] = row!
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
      .slice(0) as string[];
    expect([name, row!.split('|').at(-3)!.trim(), row!.split('|').at(-2)!.trim()]).toEqual([
      name,
      number(DEFAULT_LIMITS[name as keyof typeof DEFAULT_LIMITS]),
      `${number(low)} to ${number(high)}`,
    ]);
    expect(standard).toBeDefined();
    expect(range).toBeDefined();
  }
  expect(page).toContain(`bytes of a block for DIGESTS, ${BLOCK_SIZE_RANGE.map(number).join(' to ')}`);
  expect(page).toContain(`${number(constants.MAX_OUTSTANDING_BYTES)} bytes of payload together`);
  expect(page).toContain(`HELLO has at most ${number(constants.MAX_HELLO_BYTES)} bytes`);
  expect(page).toContain(`at most ${number(MAX_GLOB_BYTES)} bytes long`);
  expect(page).toContain(`1 to ${MAX_GLOBS} globs, ${number(MAX_GLOBS_BYTES)} bytes together`);
  expect(page).toContain(`at most **${constants.INITIAL_OUTSTANDING}** requests`);
  expect(page).toContain(`within ${constants.HELLO_TIMEOUT / 1000} seconds`);
  expect(page).toContain(`complete within ${constants.FRAME_TIMEOUT / 1000} seconds`);
  expect(page).toMatch(new RegExp(`\\n?${constants.STALL_TIMEOUT / 1000} seconds is cut off`));
});

test('a client clamps what a server announces', () => {
  expect(clampLimits({ outstanding: 1e9, request: -1, reply: 1e12, data: 0, idle: 1e15 })).toEqual({
    outstanding: 4096,
    request: 16_384,
    reply: 1_048_576,
    data: 1,
    idle: 86_400_000,
  });
});

test('the version is that of the package', () => expect(VERSION).toBe(packageJson.version));
