import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, MessageType } from '../../protocol';
import { connect } from '../connect';
import { FakeServer } from '../fixtures/fake-server';

test('nothing is deleted while each list is of several states of the server', async () => {
  const output = await mkdtemp(join(tmpdir(), 'reso-'));
  await writeFile(join(output, 'mine.jpg'), 'mine');
  let lists = 0;
  const server = await FakeServer.start(({ socket, type, id, fields }) => {
    if (type === MessageType.PING) return void socket.write(encode.pong(id, Buffer.alloc(0)));
    const next = fields['after'] === undefined ? { next: 'a' } : {};
    socket.write(encode.page(id, { generation: `g${lists++}`, images: [], ...next }));
  });
  const client = connect({ port: server.port });
  try {
    const syncing = client.sync(output, { delete: true, force: true });
    await expect(syncing).rejects.toMatchObject({ code: 'CHANGED' });
    expect(lists).toBe(10);
    expect(await readFile(join(output, 'mine.jpg'), 'utf8')).toBe('mine');
  } finally {
    client.close();
    await server.close();
    await rm(output, { recursive: true });
  }
});
