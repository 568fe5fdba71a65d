import { once } from 'node:events';
import { rename, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { Gatekeeper, type TokenLine } from '../access';
import { eventually } from '../server/fixtures/serving';
import { silentLog } from '../telemetry';
import type { WebOptions } from '.';
import { WebServing } from './fixtures/web-serving';

const TOKEN = 'a-token-of-enough-characters';
const AUTHORIZATION = { Authorization: `Bearer ${TOKEN}` };

let serving: WebServing;
afterEach(() => serving.stop());

async function start(options: Partial<WebOptions> = {}): Promise<void> {
  serving = await WebServing.start(options);
  await serving.put('cats/a.jpg', 'a');
}

const generationIn = ({ text }: { text: string }) => (JSON.parse(text) as { generation: string }).generation;
const now = async (headers = {}) => generationIn(await serving.get('/api/changes', headers));
const ask = (unless: string, more = '', headers = {}) =>
  serving.get(`/api/changes?unless=${encodeURIComponent(unless)}${more}`, headers);
/** Resolves once so many requests wait. */
const waiting = (count: number) => eventually(() => serving.server.watches === count);

test('without what the client knows, it is answered at once, and as a list would be', async () => {
  await start();
  const { generation } = JSON.parse((await serving.get('/api/images')).text) as { generation: string };
  expect(await now()).toBe(generation);
  expect(generationIn(await ask('other'))).toBe(generation);
});

test.each<[string, () => Promise<unknown>]>([
  ['added', () => serving.put('b.jpg', 'b')],
  ['changed', () => serving.put('cats/a.jpg', 'other')],
  ['deleted', () => unlink(`${serving.folder}/cats/a.jpg`)],
  ['renamed', () => rename(`${serving.folder}/cats/a.jpg`, `${serving.folder}/c.jpg`)],
])('it waits until an image is %s', async (_, change) => {
  await start();
  const unless = await now();
  const answer = ask(unless);
  await waiting(1);
  await change();
  const { status, headers, ...rest } = await answer;
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(generationIn(rest)).not.toBe(unless);
  await waiting(0);
});

test('when the time is over, it says that nothing has changed', async () => {
  await start();
  const unless = await now();
  expect(generationIn(await ask(unless, '&wait=1'))).toBe(unless);
});

test('a client that waits for it is not taken for a slow reader', async () => {
  await start({ stall: 50 });
  const unless = await now();
  expect(generationIn(await ask(unless, '&wait=1'))).toBe(unless);
});

test.each(['0', '-1', '1.5', 'x', ''])('wait=%s is refused', async (wait) => {
  await start();
  expect((await ask('other', `&wait=${wait}`)).status).toBe(400);
});

test('a client that has gone leaves nothing behind, whether it closes both directions or one', async () => {
  const errors: unknown[] = [];
  await start({ log: { ...silentLog, error: (...line) => void errors.push(line) } });
  const path = `/api/changes?unless=${await now()}`;
  const clients = Array.from({ length: 20 }, () => connect(serving.server.port, '127.0.0.1'));
  for (const client of clients) client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await waiting(clients.length);
  clients.forEach((client, i) => (i % 2 === 0 ? client.resetAndDestroy() : client.end()));
  await waiting(0);
  await eventually(() => serving.server.connections === 0);
  expect(errors).toEqual([]);
});

test('it is limited for one address, and in total, and then the rest is still served', async () => {
  await start({ connections: 16, trustProxy: ['127.0.0.1'] });
  const unless = await now();
  const from = (address: string) => ask(unless, '', { 'X-Forwarded-For': address });
  const answers = [from('192.0.2.1'), from('192.0.2.1')];
  await waiting(2);
  expect((await from('192.0.2.1')).status).toBe(503);
  for (const last of [2, 3, 4, 2, 3, 4]) answers.push(from(`192.0.2.${last}`));
  await waiting(8);
  const { status, headers } = await from('192.0.2.5');
  expect([status, headers['retry-after']]).toEqual([503, '1']);
  expect((await serving.get('/images/cats/a.jpg')).text).toBe('a');
  await serving.put('b.jpg', 'b');
  expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual(Array(8).fill(200));
});

test('a server that shuts down answers at once', async () => {
  await start();
  const unless = await now();
  const answer = ask(unless);
  const kept = connect(serving.server.port, '127.0.0.1');
  kept.write(`GET /api/changes?unless=${unless} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await waiting(2);
  const isClosed = once(kept.resume(), 'close');
  await serving.server.close(600_000);
  expect(generationIn(await answer)).toBe(unless);
  await isClosed;
});

async function withToken(tokens: () => readonly TokenLine[]): Promise<string> {
  await start({ gatekeeper: new Gatekeeper({ tokens }) });
  await serving.put('dogs/b.jpg', 'b');
  return now(AUTHORIZATION);
}

test('it ends when the token is removed', async () => {
  let tokens: readonly TokenLine[] = [{ name: 'lab', token: TOKEN, prefixes: undefined }];
  const answer = ask(await withToken(() => tokens), '', AUTHORIZATION);
  await waiting(1);
  tokens = [];
  expect((await answer).status).toBe(401);
});

test('a token that comes to read other images sees another generation', async () => {
  let tokens: readonly TokenLine[] = [{ name: 'lab', token: TOKEN, prefixes: ['cats'] }];
  const unless = await withToken(() => tokens);
  const answer = ask(unless, '', AUTHORIZATION);
  await waiting(1);
  tokens = [{ name: 'lab', token: TOKEN, prefixes: ['cats', 'dogs'] }];
  expect(generationIn(await answer)).not.toBe(unless);
});

test('a token for some folders hears of nothing elsewhere', async () => {
  const unless = await withToken(() => [{ name: 'lab', token: TOKEN, prefixes: ['cats'] }]);
  const answer = ask(unless, '', AUTHORIZATION);
  await waiting(1);
  await unlink(`${serving.folder}/dogs/b.jpg`);
  expect(await now(AUTHORIZATION)).toBe(unless);
  await serving.put('cats/new.jpg', 'new');
  // Had it been answered before, it would tell the former generation.
  expect(generationIn(await answer)).toBe(await now(AUTHORIZATION));
});

test('while the folder is away, it says so', async () => {
  await start();
  const answer = ask(await now());
  await waiting(1);
  await rename(serving.folder, `${serving.folder}-away`);
  expect((await answer).status).toBe(503);
  await rename(`${serving.folder}-away`, serving.folder);
});
