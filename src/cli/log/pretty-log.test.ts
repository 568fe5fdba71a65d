import type { Log } from '../../index';
import { formatElapsed, prettyLog } from './pretty-log';

const request = { request: 'GET', name: 'blue hour.jpg', bytes: 3_355_443, ms: 12, outcome: 'OK' };
const peer = '192.0.2.9:51234';

/** What is written, without the times. */
function lines(write: (log: Log) => void, settings: Partial<Parameters<typeof prettyLog>[1]> = {}): string[] {
  const written: string[] = [];
  write(prettyLog((line) => written.push(line), { least: 'info', isColored: false, ...settings }));
  return written.map((line) => line.replace(/\d\d:\d\d:\d\d/, 'TIME'));
}

test('a line begins with the local time', () => {
  const written: string[] = [];
  prettyLog((line) => written.push(line), { least: 'info', isColored: false }).info('hello');
  expect(written[0]).toMatch(/^[0-2]\d:[0-5]\d:[0-5]\d {2}hello$/);
});

test('a request: who, what, how much, how long, in columns', () => {
  const written = lines((log) => {
    log.info('request', { ...request, peer });
    log.info('request', { ...request, peer: '[2001:db8::1]:51234', client: 'lab1' });
    log.info('request', { request: 'FETCH', images: 256, bytes: 0, ms: 1400, peer, outcome: 'OK' });
    log.info('request', { request: 'LIST', name: undefined, bytes: 0, ms: 2, peer, outcome: 'OK' });
  });
  expect(written).toEqual([
    'TIME  192.0.2.9:51234        GET blue hour.jpg  3.2 MiB, 12 ms',
    'TIME  [2001:db8::1]:51234 lab1  GET blue hour.jpg  3.2 MiB, 12 ms',
    'TIME  192.0.2.9:51234        FETCH 256 images  1.4 s',
    'TIME  192.0.2.9:51234        LIST  2 ms',
  ]);
});

test('failures say so', () => {
  const written = lines((log) => {
    log.info('request', { ...request, bytes: 0, outcome: 'NOT_FOUND' });
    log.info('request', { ...request, images: 2, failed: 1, name: undefined });
    log.info('image', { request: 'FETCH', name: 'a.jpg', outcome: 'CHANGED' });
    log.warn('connection ended', { peer, code: 'TIMEOUT', reason: 'HELLO did not arrive in time.' });
    log.error('disk', { room: 0, reason: undefined });
  });
  expect(written).toEqual([
    'TIME  GET blue hour.jpg  failed: NOT_FOUND, 12 ms',
    'TIME  GET 2 images  1 failed, 3.2 MiB, 12 ms',
    'TIME  FETCH a.jpg  failed: CHANGED',
    'TIME  192.0.2.9:51234        warning: connection ended: TIMEOUT: HELLO did not arrive in time.',
    'TIME  error: disk room=0',
  ]);
});

test('names and messages cannot move the cursor, and what is escaped already is not escaped again', () => {
  const written = lines((log) => {
    log.info('request', { ...request, name: 'a\n\x1b[31m\\.jpg', client: 'x\u202ey', peer });
    log.warn('left out: a\\n.jpg\x1b');
  });
  expect(written).toEqual([
    'TIME  192.0.2.9:51234 x\\u{202e}y  GET a\\n\\u{1b}[31m\\\\.jpg  3.2 MiB, 12 ms',
    'TIME  warning: left out: a\\n.jpg\\u{1b}',
  ]);
});

test('failures are red and warnings yellow, where there is color', () => {
  const write = (log: Log) => {
    log.info('request', { ...request, outcome: 'NOT_FOUND' });
    log.warn('careful');
  };
  const colored = lines(write, { isColored: true });
  expect(colored[0]).toContain('\x1b[31mGET blue hour.jpg  failed: NOT_FOUND');
  expect(colored[1]).toContain('\x1b[33mwarning: careful\x1b[39m');
  expect(lines(write).join('')).not.toContain('\x1b');
});

test.each([
  ['warn', 1],
  ['silent', 0],
] as const)('at %s, %i of an info and a warning is logged', (least, count) => {
  const write = (log: Log) => {
    log.info('fine');
    log.warn('careful');
  };
  expect(lines(write, { least })).toHaveLength(count);
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [59_499, '59.5 s'],
  [59_500, '1 min 0 s'],
  [125_000, '2 min 5 s'],
])('%i ms are %s', (ms, text) => expect(formatElapsed(ms)).toBe(text));

test('a request over HTTP', () => {
  const about = { method: 'GET', path: '/images/a%20b.jpg', peer };
  const written = lines((log) => {
    log.info('http', { ...about, status: 200, bytes: 2048, ms: 3 });
    log.info('http', { ...about, status: 404, bytes: 0, ms: 0 });
    log.info('http', { ...about, status: 206, bytes: 10, ms: 1500, outcome: 'aborted' });
  });
  expect(written).toEqual([
    'TIME  192.0.2.9:51234        GET /images/a%20b.jpg  200, 2.0 KiB, 3 ms',
    'TIME  192.0.2.9:51234        GET /images/a%20b.jpg  404, 0 ms',
    'TIME  192.0.2.9:51234        GET /images/a%20b.jpg  aborted after 206, 10 B, 1.5 s',
  ]);
});
