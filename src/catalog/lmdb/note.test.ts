import { randomInt } from 'node:crypto';
import { mkdtemp, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileDigest, noteOf, readNote, writeNote } from './note';
import { ENTRIES, IMAGES, openLmdbRoot, type LmdbRoot } from './root';

const seed = Number(process.env['RESO_TEST_SEED'] ?? randomInt(2 ** 31));

let state: string;
let servers: LmdbRoot[];
const path = () => join(state, 'catalog.lmdb');

beforeEach(async () => {
  state = await realpath(await mkdtemp(join(tmpdir(), 'reso-note-')));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.close();
  await rm(state, { recursive: true });
});

async function start(): Promise<LmdbRoot> {
  const server = await openLmdbRoot(state, (damaged) => {
    throw new Error(`${damaged} is damaged`);
  });
  server.table(IMAGES, { keyEncoding: 'binary' });
  servers.push(server);
  return server;
}

async function stop(server: LmdbRoot): Promise<void> {
  servers = servers.filter((other) => other !== server);
  await server.close();
}

let written = 0;
function write(server: LmdbRoot): void {
  const table = server.table<string>(IMAGES, { keyEncoding: 'binary' });
  server.write(() => table.putSync(Buffer.from(`${written % 40}.jpg`), `digest ${written++}`));
}

test('whoever leaves while another has it open, and goes on writing, leaves no note that is not so', async () => {
  const [stays, leaves] = [await start(), await start()];
  await stop(leaves);
  expect(await readNote(path())).toBe(await fileDigest(path()));
  write(stays);
  // As after a kill.
  expect(await readNote(path())).toBeUndefined();
  await stop(await start());
  expect(await readdir(state)).not.toContain('catalog.lmdb.damaged');
});

test('what another writes while the file is read for its note undoes the note', async () => {
  const stays = await start();
  const calls: unknown[] = [];
  await writeNote(path(), (call) => {
    call();
    if (calls.push(call) === 1) write(stays);
  });
  expect(calls.length).toBe(2);
  expect(await readNote(path())).toBeUndefined();
});

test('two that leave at once: there is a note, of the file as it is', async () => {
  const both = [await start(), await start()];
  both.forEach(write);
  await Promise.all(both.map(stop));
  expect(await readNote(path())).toBe(await fileDigest(path()));
});

test('whenever all are killed, a note that is there is of the file as it is', async () => {
  console.log(`lmdb-note: seed ${seed}`);
  let random = seed;
  const next = (below: number) =>
    ((random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0) >>> 8) % below;
  for (let step = 0; step < 150; step++) {
    const server = servers[next(3)];
    if (!server) await start();
    else if (next(3) > 0) write(server);
    else await stop(server);
    const note = await readNote(path());
    if (note !== undefined) expect(note).toBe(await fileDigest(path()));
  }
});

test('nothing was written: the note of before stands, and nothing is read for another', async () => {
  await stop(await start());
  const note = await readNote(path());
  const server = await start();
  expect(await readNote(path())).toBe(note);
  await stop(server);
  expect(await readNote(path())).toBe(note);
});

test('whoever has a file open that was moved aside vouches for nothing in its place', async () => {
  const server = await start();
  write(server);
  await rename(path(), `${path()}.damaged`);
  await writeFile(path(), 'of another');
  await stop(server);
  expect(await readNote(path())).toBeUndefined();
});

test.each(['', 'half a line', '0'.repeat(63)])('a note that was cut is none: %j', async (text) => {
  await stop(await start());
  await writeFile(noteOf(path()), text);
  await stop(await start());
  expect(await readFile(noteOf(path()), 'utf8')).toBe(await fileDigest(path()));
});

test('a file with the lists of many folders is trusted after a kill', async () => {
  const server = await start();
  for (let i = 0; i < 20; i++) server.table(ENTRIES + i, { keyEncoding: 'binary' });
  await stop(server);
  await rm(noteOf(path()));
  await start();
  expect(await readdir(state)).not.toContain('catalog.lmdb.damaged');
});
