import dns from 'node:dns';
import { getEventListeners, once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ConnectionError, type ResoError } from '../../errors';
import { DEFAULT_BLOCK_SIZE, DEFAULT_LIMITS, encode, FrameDecoder, MessageType } from '../../protocol';
import { Pool, type Job } from './pool';
import { settingsOf, type Retry } from './settings';

let server: Server;
let pool: Pool;
const sockets: Socket[] = [];
const retries: Retry[] = [];

/** A server that greets, and hands each PING to `ping`. */
async function start(
  ping: (socket: Socket, id: number) => void,
  options: { retries?: number; host?: string } = {},
): Promise<void> {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const decoder = new FrameDecoder(() => 65_536, {
      frame: (type, id) => {
        if (type === MessageType.HELLO) {
          socket.write(
            encode.serverHello({ version: 1, limits: DEFAULT_LIMITS, blockSize: DEFAULT_BLOCK_SIZE }),
          );
        } else ping(socket, id);
      },
      data: () => undefined,
    });
    socket.on('data', (chunk) => decoder.push(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  pool = new Pool(settingsOf({ port, connections: 3, onRetry: (retry) => retries.push(retry), ...options }));
}

afterEach(async () => {
  jest.restoreAllMocks();
  pool.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  retries.length = 0;
  server.close();
  await once(server, 'close');
});

const pong = (socket: Socket, id: number) => void socket.write(encode.pong(id, Buffer.alloc(0)));
const ping = () =>
  pool.request((channel) =>
    channel.request(
      MessageType.PONG,
      (id) => encode.ping(id),
      (payload) => payload,
    ),
  );

test('little work takes one connection', async () => {
  await start(pong);
  await ping();
  await Promise.all([ping(), ping(), ping()]);
  expect(sockets).toHaveLength(1);
});

test('much work takes as many connections as are allowed, and no more', async () => {
  await start(pong);
  let held = 0;
  const releases: (() => void)[] = [];
  const job = (): Job => ({
    expected: 1_000_000,
    run: () => new Promise((resolve) => releases.push(() => resolve())),
    fail: () => undefined,
  });
  const done = new Promise<void>((resolve) => {
    const look = setInterval(() => {
      held = releases.length;
      // A connection counts for the client before the server has taken it.
      if (held < 20 || sockets.length < 3) return;
      clearInterval(look);
      resolve();
    }, 5);
  });
  for (let i = 0; i < 20; i++) pool.submit(job());
  await done;
  expect(sockets).toHaveLength(3);
  releases.forEach((release) => release());
});

test('of idle connections, as many are closed as are lent, and no more', async () => {
  const held: (() => void)[] = [];
  await start((socket, id) => {
    held.push(() => pong(socket, id));
    if (sockets.length >= 3) held.splice(0).forEach((answer) => answer());
  });
  await Promise.all(Array.from({ length: 40 }, ping));
  expect(sockets).toHaveLength(3);
  pool.lend(2);
  const isOpen = (socket: Socket) => !socket.destroyed;
  while (sockets.filter(isOpen).length > 1) await setTimeout(2);
  await ping();
  expect(sockets.filter(isOpen)).toHaveLength(1);
  expect(sockets).toHaveLength(3);
});

test('a server that hangs up at once is tried as often as was asked for, then given up', async () => {
  await start((socket) => socket.destroy(), { retries: 2 });
  await expect(ping()).rejects.toMatchObject({ code: 'DISCONNECTED' });
  expect(sockets).toHaveLength(3);
  expect(retries.map(({ attempt }) => attempt)).toEqual([1, 2]);
});

test('after giving up, the tries are counted anew for new work', async () => {
  let refusing = true;
  await start((socket, id) => (refusing ? void socket.destroy() : pong(socket, id)), { retries: 1 });
  await expect(ping()).rejects.toMatchObject({ code: 'DISCONNECTED' });
  void setTimeout(50).then(() => (refusing = false));
  await ping();
});

test('a request that the server puts off is asked again, as long as is allowed', async () => {
  let refused = 0;
  await start(
    (socket, id) => {
      refused++;
      socket.write(encode.error(id, { code: 'BUSY', message: 'Later.', retryAfter: 10 }));
    },
    { retries: 3 },
  );
  await expect(ping()).rejects.toMatchObject({ code: 'BUSY' });
  expect(refused).toBe(4);
  expect(retries.map(({ delay }) => delay)).toEqual([10, 10, 10]);
  expect(sockets).toHaveLength(1);
});

describe('a server that shuts down', () => {
  const refuse = (socket: Socket, id: number) =>
    void socket.write(encode.error(id, { code: 'CLOSING', message: 'Shutting down.' }));
  const told = () => retries.map(({ error: { code }, attempt }) => ({ code, attempt }));

  test('is waited for, however much and often it refuses: that is told once, and is no try', async () => {
    const isRefused = (socket: Socket) => sockets.indexOf(socket) < 6;
    await start((socket, id) => (isRefused(socket) ? refuse(socket, id) : pong(socket, id)), { retries: 1 });
    await Promise.all(Array.from({ length: 20 }, ping));
    expect(told()).toEqual([{ code: 'CLOSING', attempt: 0 }]);
    expect(sockets.length).toBeLessThanOrEqual(9);
  });

  test('is waited for while nobody listens', async () => {
    let isBack = false;
    await start(
      (socket, id) => {
        if (isBack) return pong(socket, id);
        socket.end(encode.closing({ reason: 'shutdown' }));
        server.close();
      },
      { retries: 1 },
    );
    const { port } = server.address() as AddressInfo;
    const done = ping();
    await once(server, 'close');
    isBack = true;
    // Longer than what one try takes.
    void setTimeout(2500).then(() => server.listen(port, '127.0.0.1'));
    await done;
    expect(told()).toEqual([{ code: 'CLOSING', attempt: 0 }]);
  });

  test('is told of once also where it finishes some work meanwhile', async () => {
    let unanswered = 0;
    await start((socket, id) => {
      const at = sockets.indexOf(socket);
      if (at === 3) pong(socket, id);
      else if (at > 0 || unanswered > 0) refuse(socket, id);
      else unanswered = id;
    });
    const done = Promise.all([ping(), ping()]);
    while (retries.length === 0) await setTimeout(5);
    pong(sockets[0]!, unanswered);
    await done;
    expect(told()).toEqual([{ code: 'CLOSING', attempt: 0 }]);
    expect(sockets).toHaveLength(4);
  });

  test('is not waited for where nothing is to be tried again', async () => {
    await start(refuse, { retries: 0 });
    await expect(ping()).rejects.toMatchObject({ code: 'CLOSING' });
    expect(sockets).toHaveLength(1);
  });

  test('is asked for nothing new on the connections that it finishes its work on', async () => {
    const pending: number[] = [];
    await start((socket, id) => {
      pending.push(id);
      if (sockets.length > 1) pong(socket, id);
      else if (pending.length === 2) refuse(socket, id);
    });
    const first = ping();
    const second = ping();
    await second;
    expect(sockets).toHaveLength(2);
    await ping();
    expect(sockets).toHaveLength(2);
    pong(sockets[0]!, pending[0]!);
    await first;
    expect(retries).toEqual([]);
  });
});

test('an idle connection that the server closes is no failure', async () => {
  await start(pong, { retries: 0 });
  await ping();
  sockets[0]!.end();
  await once(sockets[0]!, 'close');
  await ping();
  expect(retries).toEqual([]);
});

test('closing fails what waits, and what is submitted later', async () => {
  await start(() => undefined);
  const waiting = ping();
  const failed: ResoError[] = [];
  const unblocked = waiting.catch((error: ResoError) => failed.push(error));
  pool.close();
  await unblocked;
  await ping().catch((error: ResoError) => failed.push(error));
  expect(failed.map(({ code }) => code)).toEqual(['ABORTED', 'ABORTED']);
});

test('what is to be tried again after the pool was closed fails at once', async () => {
  await start(pong);
  pool.close();
  const failed = new Promise<ResoError>((resolve) => {
    const job: Job = { expected: 0, run: () => Promise.resolve(), fail: resolve };
    pool.again(job, 1000, new ConnectionError('DISCONNECTED', ''));
  });
  expect(await failed).toMatchObject({ code: 'ABORTED' });
  expect(retries).toEqual([]);
});

test('a closed pool is not kept by the signal that would have ended it', async () => {
  const { signal } = new AbortController();
  const settings = settingsOf({ signal });
  const closed = new Pool(settings);
  expect(getEventListeners(settings.signal!, 'abort')).toHaveLength(1);
  closed.close();
  expect(getEventListeners(settings.signal!, 'abort')).toEqual([]);
  // However many clients there were, the caller's signal is followed by one.
  expect(settingsOf({ signal }).signal).toBe(settings.signal);
  await start(pong);
});

test('while one connection works, others are tried at the pace of the back-off', async () => {
  await start(
    (socket, id) => {
      if (socket === sockets[0]) setImmediate(() => pong(socket, id));
      else socket.destroy();
    },
    { retries: 0 },
  );
  await Promise.all(Array.from({ length: 5000 }, ping));
  // The one that works, and the two others once before each pause and once behind the last.
  expect(sockets.length).toBeLessThanOrEqual(1 + 2 * (retries.length + 1));
});

describe('a host name', () => {
  /** The resolver gives these answers, one after the other: an address, or a code of its errors. The last one stays. */
  function resolve(...answers: string[]): jest.SpyInstance {
    return jest.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, done: Lookup) => {
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      if (answer.startsWith('E'))
        setImmediate(done, Object.assign(new Error(answer), { code: answer, syscall: 'getaddrinfo' }));
      else setImmediate(done, null, [{ address: answer, family: 4 }]);
    }) as unknown as typeof dns.lookup);
  }

  test('that is not known is looked up once', async () => {
    await start(pong, { host: 'typo.example' });
    const lookup = resolve('ENOTFOUND');
    await expect(ping()).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('unknown host name') as string,
    });
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(retries).toEqual([]);
  });

  test('that is not known is looked up again for what is asked later', async () => {
    await start(pong, { host: 'later.example' });
    resolve('ENOTFOUND', '127.0.0.1');
    await expect(ping()).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await ping();
  });

  test('that cannot be looked up right now is tried again', async () => {
    await start(pong, { host: 'name.example' });
    resolve('EAI_AGAIN', '127.0.0.1');
    await ping();
    expect(retries).toHaveLength(1);
  });

  test('that led to a server before may do so again', async () => {
    await start(pong, { host: 'restarting.example' });
    resolve('127.0.0.1', 'ENOTFOUND', '127.0.0.1');
    await ping();
    sockets[0]!.end();
    await once(sockets[0]!, 'close');
    await ping();
    expect(retries).toHaveLength(1);
  });
});

type Lookup = (error: Error | null, found?: readonly { address: string; family: number }[]) => void;
