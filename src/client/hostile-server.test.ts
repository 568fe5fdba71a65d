import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_BLOCK_SIZE,
  DEFAULT_LIMITS,
  encode,
  encodeHeader,
  FrameDecoder,
  MessageType,
  parseJson,
} from '../protocol';
import { connect } from './connect';
import type { Client } from './client';
import type { DownloadResult } from './result';

/** What a made-up server does with each frame that it gets. */
type Behaviour = (socket: Socket, type: number, id: number, fields: Record<string, unknown>) => void;

const hello = encode.serverHello({ version: 1, limits: DEFAULT_LIMITS, blockSize: DEFAULT_BLOCK_SIZE });
const state = { size: 3, mtime: 0, version: 'v' };
const SHA_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

let base: string;
let server: Server;
let client: Client;
const sockets = new Set<Socket>();

beforeEach(async () => void (base = await mkdtemp(join(tmpdir(), 'reso-'))));
afterEach(async () => {
  client.close();
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
  await rm(base, { recursive: true });
});

async function start(behave: Behaviour, greeting: Buffer = hello): Promise<void> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const decoder = new FrameDecoder(() => 65_536, {
      frame: (type, id, payload) => {
        if (type === MessageType.HELLO) socket.write(greeting);
        else behave(socket, type, id, payload.length > 0 ? parseJson(payload) : {});
      },
      data: () => undefined,
    });
    socket.on('data', (chunk) => decoder.push(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect({ port: (server.address() as AddressInfo).port, retries: 0, timeout: 5 });
}

async function get(...names: string[]): Promise<DownloadResult[]> {
  const results: DownloadResult[] = [];
  await client.download(names, { output: join(base, 'out'), onResult: (result) => results.push(result) });
  return results;
}

const written = () => (existsSync(join(base, 'out')) ? readdir(join(base, 'out'), { recursive: true }) : []);

/** Answers every GET with these frames. */
function delivers(frames: (id: number) => Buffer[]): Behaviour {
  return (socket, type, id) => {
    if (type === MessageType.GET) socket.write(Buffer.concat(frames(id)));
  };
}

const begin = (id: number, more = {}) => encode.delivery(id, { ...state, offset: 0, length: 3, ...more });

test.each<[string, (id: number) => Buffer[]]>([
  ['more bytes than it announced', (id) => [begin(id), encode.data(id, Buffer.from('abcd'))]],
  ['an end before all bytes', (id) => [begin(id), encode.data(id, Buffer.from('ab')), encode.end(id, {})]],
  ['bytes without a delivery', (id) => [encode.data(id, Buffer.from('abc'))]],
  ['a delivery twice', (id) => [begin(id), begin(id)]],
  ['another part than was asked for', (id) => [begin(id, { offset: 1, length: 2 })]],
  ['a part for the whole', (id) => [begin(id, { length: 2 })]],
  ['a delivery to a request that there is not', (id) => [begin(id + 7)]],
  ['a final reply of another kind', (id) => [encode.pong(id, Buffer.alloc(0))]],
  ['an end to a request that there is not', (id) => [encode.end(id + 7, {})]],
  ['a frame beyond every limit', (id) => [encodeHeader(0xffff_ffff, MessageType.DATA, id)]],
  ['a required message that nobody knows', (id) => [encodeHeader(0, 0x7f, id)]],
  ['a message that is no JSON', (id) => [encodeHeader(1, MessageType.DELIVERY, id), Buffer.from('{')]],
])('a server that sends %s gets nothing under a name', async (_, frames) => {
  await start(delivers(frames));
  expect(await get('a.jpg')).toMatchObject([{ outcome: 'failed', code: 'DISCONNECTED' }]);
  expect(await written()).toEqual([]);
});

test('a digest that does not fit the bytes keeps them from their name', async () => {
  await start(
    delivers((id) => [begin(id), encode.data(id, Buffer.from('abd')), encode.end(id, { sha256: SHA_ABC })]),
  );
  expect(await get('a.jpg')).toMatchObject([{ outcome: 'failed', code: 'DIGEST_MISMATCH' }]);
  expect(await written()).toEqual([]);
});

test('bytes that no digest vouches for are asked about', async () => {
  await start((socket, type, id) => {
    if (type === MessageType.GET) {
      socket.write(Buffer.concat([begin(id), encode.data(id, Buffer.from('abc')), encode.end(id, {})]));
    } else if (type === MessageType.DIGESTS) {
      socket.write(
        encode.proof(id, { ...state, sha256: SHA_ABC, blockSize: DEFAULT_BLOCK_SIZE, first: 0, blocks: [] }),
      );
    }
  });
  expect(await get('a.jpg')).toMatchObject([{ outcome: 'downloaded', sha256: SHA_ABC }]);
});

describe('a list', () => {
  const lists = (names: string[], next?: string): Behaviour => {
    return (socket, type, id) => {
      if (type === MessageType.STAT) socket.write(encode.error(id, { code: 'NOT_FOUND', message: '' }));
      if (type !== MessageType.LIST) return;
      const images = names.map((name) => ({ name, ...state }));
      socket.write(encode.page(id, { generation: 'g', images, next }));
    };
  };

  test.each([['../evil.jpg'], ['/etc/cron.d/evil.jpg'], ['a/../../evil.jpg'], ['.reso/x.jpg'], ['a\0.jpg']])(
    'with the name %j is refused',
    async (name) => {
      await start(lists([name]));
      await expect(client.list().next()).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
    },
  );

  test('with a name that was not asked for is refused', async () => {
    await start(lists(['b/evil.jpg']));
    await expect(get('a/*.jpg')).rejects.toMatchObject({ code: 'BAD_MESSAGE', image: 'b/evil.jpg' });
    expect(await written()).toEqual([]);
  });

  test('that does not go forward ends', async () => {
    await start(lists(['a.jpg'], 'a.jpg'));
    const all = async () => {
      for await (const { name } of client.list()) expect(name).toBe('a.jpg');
    };
    await expect(all()).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
  });
});

test.each([
  ['speaks another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  [
    'goes on in a version that was not offered',
    encode.serverHello({ version: 2, limits: DEFAULT_LIMITS, blockSize: DEFAULT_BLOCK_SIZE }),
  ],
  ['does not say HELLO first', encode.pong(1, Buffer.alloc(0))],
])('a server that %s is named', async (_, greeting) => {
  await start(() => undefined, greeting);
  const [result] = await get('a.jpg');
  expect(result).toMatchObject({ outcome: 'failed' });
  expect(result!.error!.message).toContain('does not speak the reso protocol');
});

test('an answer for another image is not taken for the one asked for', async () => {
  await start((socket, _, id) => void socket.write(encode.image(id, { name: 'b.jpg', ...state })));
  await expect(client.stat('a.jpg')).rejects.toMatchObject({
    code: 'DISCONNECTED',
    message: expect.stringContaining('The server answered for another image.') as string,
  });
});

test('absurd limits are clamped, and an optional message that nobody knows is skipped', async () => {
  const limits = { outstanding: 1e15, request: 0, reply: 1e15, data: 1e15, idle: 0 };
  await start(
    delivers((id) => [
      Buffer.concat([encodeHeader(4, 0xf7, 0), Buffer.from('what')]),
      begin(id),
      encode.data(id, Buffer.from('abc')),
      encode.end(id, { sha256: SHA_ABC }),
    ]),
    encode.serverHello({ version: 1, limits, blockSize: DEFAULT_BLOCK_SIZE }),
  );
  expect(await get('a.jpg')).toMatchObject([{ outcome: 'downloaded' }]);
});
