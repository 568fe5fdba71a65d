import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WebServing } from './fixtures/web-serving';

// What a client that nobody here has written makes of ranges and conditions.

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
const DIGEST = createHash('sha256').update(bytes).digest('hex');
const STRONG = `"sha256-${DIGEST}"`;
const MODIFIED = new Date('2026-01-02T03:04:05.678Z');
const AT = 'Fri, 02 Jan 2026 03:04:05 GMT';
const BEFORE = 'Fri, 02 Jan 2026 03:04:04 GMT';

let serving: WebServing;
beforeAll(async () => {
  serving = await WebServing.start();
  for (const name of ['known.jpg', 'unknown.jpg']) {
    await serving.put(name, bytes);
    await utimes(join(serving.folder, name), MODIFIED, MODIFIED);
  }
  await serving.get('/images/known.jpg');
});
afterAll(() => serving.stop());

interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

async function curl(name: string, ...args: readonly string[]): Promise<Reply> {
  const url = `http://127.0.0.1:${serving.server.port}/images/${name}`;
  const command = ['--silent', '--show-error', '--noproxy', '*', '--include', ...args, url];
  const { stdout } = await promisify(execFile)('curl', command, { encoding: 'buffer' });
  const end = stdout.indexOf('\r\n\r\n') + 4;
  const head = stdout.subarray(0, end).toString('latin1');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body: stdout.subarray(end) };
}

const header = (field: string) => ['--header', field];
const part = (from: number, to: number) => bytes.subarray(from, to + 1);
const NOTHING = Buffer.alloc(0);

/** The arguments, and the status and body that come; `problem`: RFC 9457. */
type Row = [string[], number, Buffer | 'problem'];

const ALWAYS: Row[] = [
  [[], 200, bytes],
  [['--range', '0-0'], 206, part(0, 0)],
  [['--range', '0-999'], 206, bytes],
  [['--range', '990-'], 206, part(990, 999)],
  [['--range', '990-5000'], 206, part(990, 999)],
  [['--range', '-10'], 206, part(990, 999)],
  [['--range', '-5000'], 206, bytes],
  [['--range', '1000-'], 416, 'problem'],
  [['--range', '-0'], 416, 'problem'],
  [['--range', '5-1'], 200, bytes],
  [['--range', '0-1,5-6'], 200, bytes],
  [['--range', 'x-y'], 200, bytes],
  [header('Range: lines=0-1'), 200, bytes],
  [['--head', '--range', '0-9'], 200, NOTHING],
  [['--head'], 200, NOTHING],
  [header('If-None-Match: *'), 304, NOTHING],
  [header('If-None-Match: "other"'), 200, bytes],
  [['--head', ...header('If-None-Match: *')], 304, NOTHING],
  [header('If-Match: *'), 200, bytes],
  [header('If-Match: "other"'), 412, 'problem'],
  [header(`If-Modified-Since: ${AT}`), 304, NOTHING],
  [header(`If-Modified-Since: ${BEFORE}`), 200, bytes],
  [header('If-Modified-Since: 2030'), 200, bytes],
  [header(`If-Unmodified-Since: ${AT}`), 200, bytes],
  [header(`If-Unmodified-Since: ${BEFORE}`), 412, 'problem'],
  [[...header('If-None-Match: "other"'), ...header(`If-Modified-Since: ${AT}`)], 200, bytes],
  [[...header('If-Match: *'), ...header(`If-Unmodified-Since: ${BEFORE}`)], 200, bytes],
  [['--range', '0-9', ...header(`If-Range: ${AT}`)], 200, bytes],
  [['--range', '0-9', ...header('If-Range: "other"')], 200, bytes],
  [['--range', '0-9', ...header('If-None-Match: *')], 304, NOTHING],
  [['--range', '0-9', ...header('If-Match: "other"')], 412, 'problem'],
  [['--request', 'DELETE'], 405, 'problem'],
];

const OF_KNOWN: Row[] = [
  [header(`If-None-Match: ${STRONG}`), 304, NOTHING],
  [header(`If-None-Match: "a", W/${STRONG}`), 304, NOTHING],
  [header(`If-Match: ${STRONG}`), 200, bytes],
  [header(`If-Match: W/${STRONG}`), 412, 'problem'],
  [['--range', '5-9', ...header(`If-Range: ${STRONG}`)], 206, part(5, 9)],
  [['--range', '5-9', ...header(`If-Range: W/${STRONG}`)], 200, bytes],
  [['--range', '5-9', ...header(`If-Match: ${STRONG}`)], 206, part(5, 9)],
];

async function expectReply(name: string, args: string[], status: number, body: Row[2]): Promise<void> {
  const reply = await curl(name, ...args);
  expect(reply.status).toBe(status);
  if (body !== 'problem') expect(reply.body.equals(body)).toBe(true);
  else if (!args.includes('--head')) expect(reply.body.toString()).toContain('"type":"about:blank"');
  if (status === 206) expect(reply.head).toMatch(/^Content-Range: bytes \d+-\d+\/1000\r$/m);
  if (status === 416) expect(reply.head).toMatch(/^Content-Range: bytes \*\/1000\r$/m);
  if (status === 304) expect(reply.head).not.toMatch(/^(?:Content-Type|Content-Length|Repr-Digest):/im);
  if (status === 304 || status < 300) expect(reply.head).toMatch(/^ETag: .+\r$/m);
}

const withCurl = hasCurl ? test : test.skip;

withCurl.each([...ALWAYS, ...OF_KNOWN])('of a known digest: %j', (args, status, body) =>
  expectReply('known.jpg', args, status, body),
);

withCurl.each(ALWAYS)('of an unknown digest: %j', async (args, status, body) => {
  // Whoever gets all of it makes the digest known.
  const name = `unknown-${ALWAYS.findIndex(([one]) => one === args)}.jpg`;
  await serving.put(name, bytes);
  await utimes(join(serving.folder, name), MODIFIED, MODIFIED);
  await expectReply(name, args, status, body);
});

withCurl('a weak ETag matches for a cache, and never for a part', async () => {
  const { head } = await curl('unknown.jpg', '--head');
  const etag = /^ETag: (W\/.*)\r$/m.exec(head)![1]!;
  await expectReply('unknown.jpg', header(`If-None-Match: ${etag}`), 304, NOTHING);
  await expectReply('unknown.jpg', header(`If-Match: ${etag}`), 412, 'problem');
  await expectReply('unknown.jpg', ['--range', '0-9', ...header(`If-Range: ${etag}`)], 200, bytes);
});

withCurl('a download that broke off goes on', async () => {
  await serving.put('resumed.part', part(0, 399));
  const output = join(serving.folder, 'resumed.part');
  const url = `http://127.0.0.1:${serving.server.port}/images/known.jpg`;
  await promisify(execFile)('curl', ['--silent', '--noproxy', '*', '--continue-at', '-', '-o', output, url]);
  expect(spawnSync('sha256sum', [output]).stdout.toString()).toContain(DIGEST);
});
