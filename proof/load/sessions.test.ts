import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type ServeHandle } from '../../src';
import { talkNonsense } from '../fuzz/talk-nonsense';
import { collectedBytes } from '../process/collected';
import { descriptorsOf } from '../process/descriptors';
import { until } from '../process/until';
import { chooseSeed } from '../seed';
import type { Endpoint } from './endpoint';
import { hang, type Gallery } from './gallery';
import { holdSessions } from './hold-sessions';
import { SESSIONS } from './session-kinds';
import { Visitor } from './visitor';

const MOST_GROWTH = 3e6;
const seed = chooseSeed('sessions');

let folder: string;
let server: ServeHandle;
let gallery: Gallery;
let endpoint: Endpoint;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reso-sessions-'));
  const images = join(folder, 'images');
  mkdirSync(images);
  gallery = hang(images, { 'a.jpg': 100_000, 'img.jpg': 5000, 'large.tif': 8_000_000 });
  server = await serve({ folder: images, host: '127.0.0.1', port: 0 });
  endpoint = { host: '127.0.0.1', port: server.port, sources: [] };
});

afterAll(async () => {
  await server.close({ grace: 0 });
  rmSync(folder, { recursive: true });
});

const sockets = () => descriptorsOf(process.pid).sockets;
// Elsewhere nobody tells what is open.
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux.each(Object.entries(SESSIONS))('of sessions that end %s nothing stays', async (_, session) => {
  const before = sockets();
  await holdSessions(endpoint, session, 100);
  await until('all sockets are closed', () => sockets() <= before);
  const bytes = await collectedBytes();
  await holdSessions(endpoint, session, 200);
  await until('all sockets are closed', () => sockets() <= before);
  expect((await collectedBytes()) - bytes).toBeLessThan(MOST_GROWTH);
});

test('while spoilt conversations are held with the server, others are served', async () => {
  const visitor = new Visitor(endpoint, gallery, 'large.tif', folder);
  await talkNonsense(endpoint, 1500, seed).finally(() => visitor.leave());
  const { count, verified } = await visitor.leave();
  expect(verified).toBe(count);
});
