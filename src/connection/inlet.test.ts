import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DEFAULT_LIMITS, encode } from '../protocol';
import { release } from './blocks';
import { Connection } from './connection';
import { receiving } from './inlet';

const MIB = 1_048_576;
const TOTAL = 24 * MIB;

let server: Server;
let sent: string;
let connection: Connection | undefined;
let peer: Promise<Socket>;

/** Bytes without a pattern that a mix-up could hide in, the same at each run. */
const noise = (outputLength: number, seed: number) =>
  createHash('shake256', { outputLength }).update(`${seed}`).digest();

/** A server that sends so much in frames of DATA. */
beforeEach(async () => {
  server = createServer((socket) => {
    const hash = createHash('sha256');
    for (let left = TOTAL; left > 0;) {
      const bytes = noise(Math.min(left, 1 + ((left * 31) % 300_000)), left);
      hash.update(bytes);
      socket.write(encode.data(1, bytes));
      left -= bytes.length;
    }
    sent = hash.digest('hex');
  });
  server.listen(0, '127.0.0.1');
  peer = once(server, 'connection').then(([socket]) => socket as Socket);
  await once(server, 'listening');
});

afterEach(async () => {
  connection?.destroy();
  (await peer).destroy();
  server.close();
  await once(server, 'close');
});

/** Receives all of it, with what `taken` does with each piece. */
async function receive(taken: (bytes: Buffer, connection: Connection) => void): Promise<void> {
  const socket = receiving((onread) =>
    connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, onread }),
  );
  await once(socket, 'connect');
  let received = 0;
  await new Promise<void>((resolve, reject) => {
    const opened = new Connection(socket, {
      address: 'here',
      limit: () => DEFAULT_LIMITS.data,
      sink: {
        frame: () => reject(new Error('a frame that was not sent')),
        data: (_, bytes) => {
          received += bytes.length;
          taken(bytes, opened);
          if (received === TOTAL) resolve();
        },
      },
      onClose: (error) => void (error && reject(error)),
    });
    connection = opened;
  });
}

const digestOf = (pieces: readonly Buffer[]) => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};

test('what is kept stays as it came, whatever comes behind it', async () => {
  const kept: Buffer[] = [];
  await receive((bytes) => kept.push(bytes));
  expect(digestOf(kept)).toBe(sent);
  for (const bytes of kept) release(bytes);
});

test('what is released is used again, and nothing else is', async () => {
  const hash = createHash('sha256');
  const memory = new Set<ArrayBufferLike>();
  let held: Buffer[] = [];
  const settle = () => {
    for (const bytes of held) {
      hash.update(bytes);
      release(bytes);
    }
    held = [];
  };
  await receive((bytes) => {
    memory.add(bytes.buffer);
    held.push(bytes);
    if (held.length === 20) settle();
  });
  settle();
  expect(hash.digest('hex')).toBe(sent);
  expect(memory.size * 524_288).toBeLessThan(TOTAL / 3);
});

test('a connection that is paused receives nothing, and all of it afterwards', async () => {
  const kept: Buffer[] = [];
  let isPaused = false;
  let pauses = 0;
  await receive((bytes, { pause, resume }) => {
    expect(isPaused).toBe(false);
    kept.push(bytes);
    if (kept.length % 10 !== 0) return;
    pauses++;
    pause.call(connection);
    // What came in the same read is still handed on.
    setImmediate(() => (isPaused = true));
    setTimeout(() => {
      isPaused = false;
      resume.call(connection);
    }, 20);
  });
  expect(pauses).toBeGreaterThan(1);
  expect(digestOf(kept)).toBe(sent);
});
