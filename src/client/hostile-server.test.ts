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
import type { Client } from './client';
import { connect } from './connect';
import type { DownloadResult } from './result';

/** What a made-up server does with each frame that it gets. */
type Behaviour = (socket: Socket, type: number, id: number, fields: Record<string, unknown>) => void;

const helloWith = (more: object) =>
  encode.serverHello({ version: 1, limits: DEFAULT_LIMITS, blockSize: DEFAULT_BLOCK_SIZE, ...more });
const hello = helloWith({});
/** The frame, to request `id`. */
const withId = (id: number, frame: Buffer) =>
  Buffer.concat([frame.subarray(0, 5), encodeHeader(0, 0, id).subarray(5), frame.subarray(9)]);
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
  sockets.clear();
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
  ['a frame of DATA without bytes', (id) => [begin(id), encodeHeader(0, MessageType.DATA, id)]],
  ['a frame of DATA without bytes and without a delivery', (id) => [encodeHeader(0, MessageType.DATA, id)]],
  ['bytes of another delivery', (id) => [begin(id), encode.data(id + 1, Buffer.from('abc'))]],
  ['an error to a request that there is not', (id) => [encode.error(id + 7, { code: 'BUSY', message: '' })]],
  ['a second HELLO', () => [hello]],
  ['a message that only clients send', (id) => [encode.ping(id)]],
  [
    'two digests',
    (id) => [
      begin(id, { sha256: SHA_ABC }),
      encode.data(id, Buffer.from('abc')),
      encode.end(id, { sha256: '0'.repeat(64) }),
    ],
  ],
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

  test.each<[string, string[], string]>([
    ['brings the same again', ['a.jpg'], 'a.jpg'],
    ['is empty and does not go on', [], 'a.jpg'],
    ['is empty and goes back', [], 'Z.jpg'],
  ])('of which a page %s is refused', async (_, names, next) => {
    let asked = 0;
    const first = lists(['a.jpg'], 'a.jpg');
    await start((...args) => (asked++ === 0 ? first : lists(names, next))(...args));
    const all = async () => {
      for await (const { name } of client.list()) expect(name).toBe('a.jpg');
    };
    await expect(all()).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
  });
});

test('a page of nothing new hides no list from whoever has none', async () => {
  await start((socket, _, id) => {
    socket.write(encode.page(id, { generation: 'g', unchanged: true, images: [] }));
  });
  await expect(client.list().next()).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
});

test.each([
  ['of another version', { version: 'w' }],
  ['from another block on', { first: 0 }],
  ['of blocks of another size', { blockSize: 65_536 }],
  ['of more blocks than were asked for', { blocks: [SHA_ABC, SHA_ABC, SHA_ABC] }],
  ['of blocks that the image does not have', { size: DEFAULT_BLOCK_SIZE }],
  ['of no block, as if for ever', { blocks: [] }],
  ['of another image', { name: 'b.jpg' }],
])('a proof %s is not taken', async (_, wrong) => {
  const proof = {
    ...{ name: 'a.jpg', mtime: 0, version: 'v', size: 9 * DEFAULT_BLOCK_SIZE, sha256: SHA_ABC },
    ...{ blockSize: DEFAULT_BLOCK_SIZE, first: 1, blocks: [SHA_ABC] },
  };
  let sent: object = proof;
  await start((socket, __, id) => void socket.write(encode.proof(id, sent as typeof proof)));
  const blocks = { first: 1, count: 2, version: 'v' };
  const ask = () => client.digests('a.jpg', blocks);
  expect(await ask()).toMatchObject({ first: 1, blocks: [SHA_ABC] });
  sent = { ...proof, ...wrong };
  await expect(ask()).rejects.toMatchObject({ code: 'DISCONNECTED' });
});

test('a delivery of another version than was asked for is not taken', async () => {
  await start(delivers((id) => [begin(id, { version: 'w' })]));
  const bytes = client.read('a.jpg', { version: 'v' });
  await expect(bytes.next()).rejects.toMatchObject({ code: 'DISCONNECTED' });
});

test('PONG has the bytes of PING', async () => {
  await start((socket, _, id) => void socket.write(encode.pong(id, Buffer.from('x'))));
  await expect(client.ping()).rejects.toMatchObject({ code: 'DISCONNECTED' });
});

test.each([
  ['speaks another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['goes on in a version that was not offered', helloWith({ version: 2 })],
  ['does not say HELLO first', encode.pong(1, Buffer.alloc(0))],
  ['says more before HELLO than a HELLO may hold', encodeHeader(16_385, 0xf7, 0)],
  ['says HELLO to a request', withId(1, hello)],
  ['has an error for a request before it says HELLO', encode.error(1, { code: 'BUSY', message: '' })],
  ['has a block size out of range', helloWith({ blockSize: 1024 })],
  ['has a fraction as a limit', helloWith({ limits: { ...DEFAULT_LIMITS, data: 0.5 } })],
  ['has a limit that no integer can be', helloWith({ limits: { ...DEFAULT_LIMITS, data: 1e300 } })],
  ['has no limits', helloWith({ limits: undefined })],
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

test('absurd limits are clamped, and optional messages are skipped wherever they come', async () => {
  const limits = { outstanding: 1e15, request: -7, reply: 1e15, data: 1e15, idle: 0 };
  const unknown = Buffer.concat([encodeHeader(4, 0xf7, 0), Buffer.from('what')]);
  const skipped = (id: number) =>
    Buffer.concat([
      unknown,
      encode.working(id + 7, { done: 0, total: 0 }),
      Buffer.concat([encodeHeader(1, MessageType.WORKING, id), Buffer.from('{')]),
    ]);
  await start(
    delivers((id) => [
      skipped(id),
      begin(id),
      skipped(id),
      encode.data(id, Buffer.from('abc')),
      skipped(id),
      encode.end(id, { sha256: SHA_ABC }),
    ]),
    Buffer.concat([unknown, skipped(1), helloWith({ limits })]),
  );
  expect(await get('a.jpg')).toMatchObject([{ outcome: 'downloaded' }]);
});

test('WORKING means nothing to a PING, and CLOSING the same whatever its reason', async () => {
  await start((socket, _, id) => {
    socket.write(encode.working(id, { done: 1, total: 2 }));
    socket.write(encode.closing({ reason: 'the weather' }));
    socket.write(encode.pong(id, Buffer.alloc(0)));
  });
  expect(await client.ping()).toBeGreaterThan(0);
  expect(await client.ping()).toBeGreaterThan(0);
  expect(sockets.size).toBe(2);
});

test('what nobody knows may be nested as deep as it likes', async () => {
  const depth = 400_000;
  const deep = Buffer.from(`{"generation":"g","images":[],"more":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  await start((socket, _, id) => {
    socket.write(Buffer.concat([encodeHeader(deep.length, MessageType.PAGE, id), deep]));
  });
  expect(await client.list().next()).toMatchObject({ done: true });
});
