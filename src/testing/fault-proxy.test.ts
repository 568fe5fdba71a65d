import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { FaultProxy } from './fault-proxy';
import { End, until } from './fixtures/end';
import { Line, type Connection } from './fixtures/line';

const KIB = 1024;
const MIB = 1024 * KIB;

let line: Line;

beforeEach(async () => {
  line = await Line.make();
});

afterEach(async () => {
  await line[Symbol.asyncDispose]();
});

async function expectSound({ client, server }: Connection): Promise<void> {
  const [up, down] = [randomBytes(10_000), randomBytes(100_000)];
  client.socket.end(up);
  server.socket.end(down);
  await until(() => client.isClosed && server.isClosed);
  expect([client.received.equals(down), server.received.equals(up)]).toEqual([true, true]);
  expect([client.error, server.error]).toEqual([undefined, undefined]);
}

async function expectCut({ client, server }: Connection, after: number): Promise<void> {
  server.socket.write(randomBytes(1000));
  await until(() => client.isClosed && server.isClosed);
  expect(client.length).toBe(after);
}

/** Waits until a number has not changed for a while. */
async function settled(look: () => number): Promise<void> {
  for (let seen = [-1, 0]; new Set(seen).size > 1; seen = [look(), ...seen].slice(0, 40)) await pause(10);
}

test('without faults it carries every byte in both directions, and counts them', async () => {
  await expectSound(await line.connect());
  expect(line.proxy).toMatchObject({ connections: 1, bytes: 100_000, bytesFromClients: 10_000 });
  expect(line.proxy.address).toBe(`127.0.0.1:${line.proxy.port}`);
});

test('the end of what one side sends does not end what the other does', async () => {
  const { client, server } = await line.connect();
  client.socket.end('question');
  await until(() => server.hasEnded);
  server.socket.end('answer');
  await until(() => client.isClosed && server.isClosed);
  expect([server.received.toString(), client.received.toString()]).toEqual(['question', 'answer']);
});

test('where one side is reset, the other is, too', async () => {
  const { client, server } = await line.connect();
  client.socket.resetAndDestroy();
  await until(() => server.isClosed);
  expect(server.error).toMatchObject({ code: 'ECONNRESET' });
});

test('where nobody listens, the client is reset', async () => {
  const gone = await Line.make();
  const { port } = gone.proxy;
  await gone[Symbol.asyncDispose]();
  await using proxy = await FaultProxy.start({ port });
  const client = new End(connect({ host: '127.0.0.1', port: proxy.port }));
  await until(() => client.isClosed);
  expect(client.error).toMatchObject({ code: 'ECONNRESET' });
});

// A reader that reads nothing holds the sender up once the system's own buffers, some MiB, are full.
test('it reads no further ahead than it can send', async () => {
  const { client, server } = await line.connect();
  client.socket.pause();
  const [chunk, total] = [randomBytes(64 * KIB), 128 * MIB];
  let sent = 0;
  for (let at = 0; at < total; at += chunk.length) {
    server.socket.write(chunk, () => (sent += chunk.length));
  }
  server.socket.end();
  await settled(() => sent);
  expect(sent).toBeLessThan(total / 2);
  client.socket.resume();
  await until(() => client.hasEnded);
  expect(client.length).toBe(total);
});

test('close ends every connection, those that stand still as well, and can be called twice', async () => {
  line.proxy.next({}, { fromServer: { stallAfter: 0 } }, { fromServer: { bytesPerSecond: 1 } });
  const made = [await line.connect(), await line.connect(), await line.connect()];
  for (const { server } of made) server.socket.write('anything');
  await until(() => line.proxy.stalled === 1 && made[0]!.client.length === 8);
  line.proxy.stall();
  await line.proxy.close();
  await line.proxy.close();
  const isOver = (end: End) => end.hasEnded || end.isClosed;
  await until(() => made.every(({ client, server }) => isOver(client) && isOver(server)));
  expect(line.proxy.stalled).toBe(0);
});

describe('the plan', () => {
  test('next: one argument for each connection, and none for those behind', async () => {
    line.proxy.next({ fromServer: { cutAfter: 5 } }, {}, { fromServer: { cutAfter: 7 } });
    await expectCut(await line.connect(), 5);
    await expectSound(await line.connect());
    await expectCut(await line.connect(), 7);
    await expectSound(await line.connect());
  });

  test('always: for every connection, beside what is meant for it alone, which beats it', async () => {
    line.proxy.always({ fromServer: { cutAfter: 5, flipAt: 0 } }).next({ fromServer: { cutAfter: 3 } });
    for (const after of [3, 5, 5]) {
      const made = await line.connect();
      made.server.socket.write(Buffer.alloc(1000));
      await until(() => made.client.isClosed);
      expect(made.client.received).toEqual(Buffer.concat([Buffer.of(1), Buffer.alloc(after - 1)]));
    }
    line.proxy.always({});
    await expectSound(await line.connect());
  });

  test('cutAfter and flipAt: one number for each connection, side by side', async () => {
    line.proxy.cutAfter(5, 7).flipAt(1).cutAfter(9).flipAt(2);
    for (const [after, flipped] of [[5, 1], [7, 2], [9]] as const) {
      const made = await line.connect();
      made.server.socket.write(Buffer.alloc(1000));
      await until(() => made.client.isClosed);
      expect([made.client.length, made.client.received.indexOf(1)]).toEqual([after, flipped ?? -1]);
    }
    await expectSound(await line.connect());
  });

  test.each([
    { cutAfter: -1 },
    { cutAfter: 1.5 },
    { stallAfter: NaN },
    { flipAt: -1 },
    { bytesPerSecond: 0 },
    { split: 0 },
    { coalesce: 0 },
    { coalesce: 17 * MIB },
    { replay: { from: 5, to: 5 } },
    { replay: { from: 0, to: 17 * MIB } },
    { replay: { from: 0, to: 5, at: 4 } },
    { replay: { frame: -1 } },
  ])('%j makes no sense', async (faults) => {
    const usage = expect.objectContaining({ code: 'USAGE' }) as Error;
    for (const fault of [{ fromServer: faults }, { fromClient: faults }]) {
      expect(() => line.proxy.next(fault)).toThrow(usage);
      expect(() => line.proxy.always(fault)).toThrow(usage);
    }
    await expectSound(await line.connect());
  });
});
