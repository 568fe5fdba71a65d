import type { LogLevel } from '../../index';
import { lineLog } from './server-log';

function logged(least: LogLevel): string[] {
  const lines: string[] = [];
  const log = lineLog((line) => lines.push(line.replace(/^\S+Z /, '')), least);
  log.info('request', { name: 'blue hour.jpg', bytes: 3, error: undefined });
  log.warn('connection ended', { peer: '[::1]:1', reason: 'a "bad" frame\n' });
  return lines;
}

test('fields, quoted where they need it', () => {
  expect(logged('info')).toEqual([
    'info request name="blue hour.jpg" bytes=3',
    'warn connection ended peer=[::1]:1 reason="a \\"bad\\" frame\\n"',
  ]);
});

test('what is in order is said only if asked for', () => expect(logged('warn')).toHaveLength(1));

test('with silent nothing is said', () => expect(logged('silent')).toEqual([]));
