import { createServer } from 'node:net';
import { openCatalog } from '../catalog';
import { encode, MessageType, parseClosing, parseDelivery, parseJson } from '../protocol';
import { openFolder } from '../stores';
import { silentLog, type LogFields } from '../telemetry';
import { RawClient } from './fixtures/raw-client';
import { noise, Serving } from './fixtures/serving';
import { startServer } from './server';

let serving: Serving | undefined;
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
});

const closingReason = (client: RawClient) => {
  const frame = client.frames.find((one) => one.type === MessageType.CLOSING);
  return frame && parseClosing(parseJson(frame.payload)).reason;
};

test('a port that is taken: PORT, in one clear sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await expect(Serving.start({ port })).rejects.toMatchObject({
    code: 'PORT',
    message: `Can't listen on 127.0.0.1:${port}: the port is in use by another program.`,
  });
  await new Promise((resolve) => other.close(resolve));
});

test('an address that is not of this machine: PORT', async () => {
  await expect(Serving.start({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'PORT' });
});

test('on all addresses, each of them is named, loopback included', async () => {
  serving = await Serving.start({ host: '0.0.0.0' });
  expect(serving.server.addresses()).toContain('127.0.0.1');
  expect(serving.server.addresses()).not.toContain('0.0.0.0');
  expect(serving.server.port).toBeGreaterThan(0);
});

test('closing says so to idle clients and is done at once', async () => {
  serving = await Serving.start();
  const clients = await Promise.all([1, 2, 3].map(() => serving!.greeted()));
  const began = performance.now();
  await serving.server.close({ graceMs: 10_000 });
  expect(performance.now() - began).toBeLessThan(1500);
  expect(clients.map(closingReason)).toEqual(['shutdown', 'shutdown', 'shutdown']);
});

test('closing finishes the delivery that runs, refuses those that wait, and takes no more', async () => {
  serving = await Serving.start();
  const bytes = await serving.put('big.jpg', noise(40_000_000));
  const client = await serving.greeted();
  client.send(...Array.from({ length: 20 }, (_, i) => encode.get(i + 1, { name: 'big.jpg' })));
  await client.until(() => client.frames.some((frame) => frame.type === MessageType.DATA));
  const closed = serving.server.close({ graceMs: 20_000 });
  client.send(encode.stat(50, { name: 'big.jpg' }));
  expect((await client.delivered(1)).bytes.equals(bytes)).toBe(true);
  expect((await client.error(20)).code).toBe('CLOSING');
  expect((await client.error(50)).code).toBe('CLOSING');
  await expect(RawClient.connect(serving.server.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await closed;
  expect(closingReason(client)).toBe('shutdown');
});

test('closing lets a client go on with an image that comes in parts, and begins no other', async () => {
  serving = await Serving.start();
  const bytes = await serving.put('big.jpg', noise(40_000_000));
  await serving.put('other.jpg', 'other');
  const client = await serving.greeted();
  client.send(encode.get(1, { name: 'big.jpg', length: 20_000_000 }));
  await client.until(() => client.frames.some((frame) => frame.type === MessageType.DATA));
  const closed = serving.server.close({ graceMs: 20_000 });
  const { version } = parseDelivery(parseJson(client.frames[0]!.payload));
  // For the server it was over some time before, when the last bytes of it went to the kernel.
  const first = await client.delivered(1);
  client.send(
    encode.get(2, { name: 'big.jpg', offset: 20_000_000, length: 20_000_000, version }),
    encode.get(3, { name: 'other.jpg', length: 5 }),
    encode.get(4, { name: 'other.jpg', version: 'v' }),
  );
  expect((await client.error(3)).code).toBe('CLOSING');
  expect((await client.error(4)).code).toBe('CLOSING');
  expect(closingReason(client)).toBeUndefined();
  const parts = [first, await client.delivered(2)].map((part) => part.bytes);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  await closed;
  expect(closingReason(client)).toBe('shutdown');
});

test('closing waits for the parts of an image that a client has not asked for yet, on each connection that had some', async () => {
  serving = await Serving.start();
  const MIB = 1_048_576;
  const bytes = await serving.put('big.jpg', noise(4 * MIB));
  const part = (i: number) => ({ name: 'big.jpg', offset: i * MIB, length: MIB });
  const [client, other, neighbour] = await Promise.all([1, 2, 3].map(() => serving!.greeted()));
  client!.send(encode.get(1, part(0)));
  const first = await client!.delivered(1);
  const { version } = first.delivery;
  other!.send(encode.get(1, { ...part(1), version }));
  const second = await other!.delivered(1);
  const closed = serving.server.close({ graceMs: 20_000 });
  await neighbour!.until(() => closingReason(neighbour!) === 'shutdown');
  other!.send(encode.get(2, { ...part(2), version }));
  const third = await other!.delivered(2);
  client!.send(encode.get(2, { ...part(3), version }));
  const fourth = await client!.delivered(2);
  const parts = [first, second, third, fourth].map((one) => one.bytes);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  const began = performance.now();
  await closed;
  expect(performance.now() - began).toBeLessThan(2500);
  expect([client!, other!].map(closingReason)).toEqual(['shutdown', 'shutdown']);
});

test('closing waits for the parts of an image also where each of them is small', async () => {
  serving = await Serving.start();
  const bytes = await serving.put('big.jpg', noise(5_000_000));
  const client = await serving.greeted();
  const part = (i: number) => ({ name: 'big.jpg', offset: i * 1_000_000, length: 1_000_000 });
  client.send(encode.get(1, part(0)));
  const parts = [await client.delivered(1)];
  const { version } = parts[0]!.delivery;
  for (const id of [2, 3]) {
    client.send(encode.get(id, { ...part(id - 1), version }));
    parts.push(await client.delivered(id));
  }
  const closed = serving.server.close({ graceMs: 20_000 });
  for (const id of [4, 5]) {
    client.send(encode.get(id, { ...part(id - 1), version }));
    parts.push(await client.delivered(id));
  }
  expect(Buffer.concat(parts.map((one) => one.bytes)).equals(bytes)).toBe(true);
  await closed;
  expect(closingReason(client)).toBe('shutdown');
});

test('closing waits no longer than it may for a client that does not read', async () => {
  serving = await Serving.start();
  await serving.put('big.jpg', noise(40_000_000));
  const client = await serving.greeted();
  client.socket.pause();
  client.send(encode.get(1, { name: 'big.jpg' }));
  const began = performance.now();
  await serving.server.close({ graceMs: 300 });
  expect(performance.now() - began).toBeLessThan(2000);
  expect(serving.server.connections).toBe(0);
});

test('one log line a request, with all that is needed to understand it', async () => {
  const lines: LogFields[] = [];
  const note = (_message: string, fields: LogFields = {}) => void lines.push(fields);
  serving = await Serving.start({ log: { ...silentLog, info: note, warn: note, error: note } });
  await serving.put('img.jpg', 'image');
  const client = await serving.greeted();
  client.send(encode.get(1, { name: 'img.jpg' }), encode.get(2, { name: 'no\n.jpg' }));
  await client.delivered(1);
  await client.error(2);
  const peer = expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string;
  const ms = expect.any(Number) as number;
  expect(lines).toContainEqual({ request: 'GET', name: 'img.jpg', bytes: 5, ms, peer, outcome: 'OK' });
  expect(lines).toContainEqual({
    request: 'GET',
    name: 'no\n.jpg',
    bytes: 0,
    ms,
    peer,
    outcome: 'NOT_FOUND',
  });
});

test('PING, which health checks send, is logged at debug', async () => {
  const lines: [string, unknown][] = [];
  const noteAs =
    (level: string) =>
    (_message: string, { request }: LogFields = {}) =>
      void (request !== undefined && lines.push([level, request]));
  serving = await Serving.start({ log: { ...silentLog, debug: noteAs('debug'), info: noteAs('info') } });
  const client = await serving.greeted();
  client.send(encode.ping(1));
  await client.final(1);
  client.send(encode.list(2, {}));
  await client.final(2);
  expect(lines).toEqual([
    ['debug', 'PING'],
    ['info', 'LIST'],
  ]);
});

test('a fault of the server is INTERNAL, is logged, and tells the client nothing', async () => {
  const catalog = await openCatalog({ store: await openFolder(__dirname) });
  const errors: (LogFields | undefined)[] = [];
  catalog.stat = () => Promise.reject(new TypeError('secret detail'));
  const log = {
    ...silentLog,
    error: (_: string, fields?: LogFields) => errors.push(fields),
  };
  const server = await startServer({ catalog, host: '127.0.0.1', port: 0, log });
  const client = await RawClient.greeted(server.port);
  client.send(encode.stat(1, { name: 'img.jpg' }), encode.ping(2));
  expect(await client.error(1)).toMatchObject({
    code: 'INTERNAL',
    message: expect.not.stringContaining('secret') as string,
  });
  await client.final(2);
  expect(errors[0]?.['reason']).toContain('secret detail');
  client.socket.destroy();
  await server.close();
});
