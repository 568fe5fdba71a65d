import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, MessageType } from '../../../protocol';
import type { Client } from '../../client';
import { connect } from '../../connect';
import { FakeServer, type Request } from '../../fixtures/fake-server';
import type { SyncResult } from './options';

let output: string;
let server: FakeServer;
let client: Client;

async function start(answer: (request: Request) => void): Promise<void> {
  server = await FakeServer.start(answer);
  client = connect({ port: server.port });
}

beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'reso-'));
  await writeFile(join(output, 'mine.jpg'), 'mine');
});
afterEach(async () => {
  client.close();
  await server.close();
  await rm(output, { recursive: true });
});

test('nothing is deleted while each list is of several states of the server', async () => {
  let lists = 0;
  await start(({ socket, type, id, fields }) => {
    if (type === MessageType.PING) return void socket.write(encode.pong(id, Buffer.alloc(0)));
    const next = fields['after'] === undefined ? { next: 'a' } : {};
    socket.write(encode.page(id, { generation: `g${lists++}`, images: [], ...next }));
  });
  const syncing = client.sync(output, { delete: true, force: true });
  await expect(syncing).rejects.toMatchObject({ code: 'CHANGED' });
  expect(lists).toBe(10);
  expect(await readFile(join(output, 'mine.jpg'), 'utf8')).toBe('mine');
});

test('what the server does not list, as it can not read it, is named and kept', async () => {
  await start(({ socket, type, id }) => {
    if (type === MessageType.LIST) socket.write(encode.page(id, { generation: 'g', images: [] }));
    else if (type === MessageType.PING) socket.write(encode.pong(id, Buffer.alloc(0)));
    else socket.write(encode.error(id, { code: 'UNREADABLE', message: 'No.' }));
  });
  const results: SyncResult[] = [];
  const onResult = (result: SyncResult) => void results.push(result);
  const summary = await client.sync(output, { delete: true, force: true, onResult });
  expect(summary).toMatchObject({ kept: 1, deleted: 0 });
  expect(results).toMatchObject([{ name: 'mine.jpg', outcome: 'kept', code: 'EXISTS' }]);
  expect(await readFile(join(output, 'mine.jpg'), 'utf8')).toBe('mine');
});
