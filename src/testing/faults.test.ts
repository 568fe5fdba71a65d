import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Faults } from './faults';
import { until } from './fixtures/end';
import { frame } from './fixtures/frames';
import { Line } from './fixtures/line';

/** Each fault, on a real connection, for either side's bytes. */
describe.each([
  ['fromServer', 'server', 'client'],
  ['fromClient', 'client', 'server'],
] as const)('%s', (direction, from, to) => {
  let line: Line;

  beforeEach(async () => {
    line = await Line.make();
  });

  afterEach(async () => {
    await line[Symbol.asyncDispose]();
  });

  async function connectWith(faults: Faults) {
    line.proxy.next({ [direction]: faults });
    const ends = await line.connect();
    return { sender: ends[from], receiver: ends[to] };
  }

  /** What arrives of `bytes`, to its end. */
  async function arrivesOf(bytes: Buffer, faults: Faults): Promise<Buffer> {
    const { sender, receiver } = await connectWith(faults);
    sender.socket.end(bytes);
    await until(() => receiver.hasEnded);
    return receiver.received;
  }

  test('cutAfter: so many bytes arrive, then both sides are reset', async () => {
    const bytes = randomBytes(5000);
    const { sender, receiver } = await connectWith({ cutAfter: 1234 });
    sender.socket.write(bytes);
    await until(() => sender.isClosed && receiver.isClosed);
    expect(receiver.received).toEqual(bytes.subarray(0, 1234));
    expect([receiver.error?.code, sender.error?.code]).toEqual(['ECONNRESET', 'ECONNRESET']);
  });

  test('cutAfter 0: the first byte cuts, and a connection without one stays', async () => {
    const { sender, receiver } = await connectWith({ cutAfter: 0 });
    receiver.socket.write('hello');
    await sender.receives(5);
    expect(receiver.isClosed).toBe(false);
    sender.socket.write('x');
    await until(() => receiver.isClosed);
    expect(receiver.length).toBe(0);
  });

  test('stallAfter: so many bytes arrive, and the rest after resume', async () => {
    const bytes = randomBytes(5000);
    const { sender, receiver } = await connectWith({ stallAfter: 1234 });
    sender.socket.end(bytes);
    await until(() => line.proxy.stalled === 1);
    receiver.socket.write('the other direction goes on');
    await sender.receives(27);
    expect(await receiver.receives(1234)).toEqual(bytes.subarray(0, 1234));
    expect(receiver.hasEnded).toBe(false);
    line.proxy.resume();
    await until(() => receiver.hasEnded);
    expect(receiver.received).toEqual(bytes);
    expect(line.proxy.stalled).toBe(0);
  });

  test('stallAfter: the end waits as well', async () => {
    const { sender, receiver } = await connectWith({ stallAfter: 4 });
    sender.socket.end('four');
    await receiver.receives(4);
    await until(() => line.proxy.stalled === 1);
    expect(receiver.hasEnded).toBe(false);
    line.proxy.resume();
    await until(() => receiver.hasEnded);
  });

  test('stall: nothing is carried until resume, on connections old and new', async () => {
    const old = await connectWith({});
    old.sender.socket.write('before ');
    await old.receiver.receives(7);
    line.proxy.stall();
    const young = await connectWith({});
    for (const { sender } of [old, young]) sender.socket.write('after');
    await until(() => line.proxy.stalled === 2);
    expect([old.receiver.length, young.receiver.length]).toEqual([7, 0]);
    line.proxy.resume();
    expect((await old.receiver.receives(12)).toString()).toBe('before after');
    expect((await young.receiver.receives(5)).toString()).toBe('after');
  });

  test.each([0, 77, 4999])('flipAt %i: this bit is turned, and no other', async (flipAt) => {
    const bytes = randomBytes(5000);
    const expected = Buffer.from(bytes);
    expected[flipAt]! ^= 1;
    expect(await arrivesOf(bytes, { flipAt })).toEqual(expected);
  });

  test('bytesPerSecond: no more than that, and every byte', async () => {
    const bytes = randomBytes(5000);
    const start = performance.now();
    expect(await arrivesOf(bytes, { bytesPerSecond: 10_000 })).toEqual(bytes);
    // A timer of Node may go off a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(450);
  });

  test('split: one chunk arrives as many', async () => {
    const bytes = randomBytes(300);
    const { sender, receiver } = await connectWith({ split: 3 });
    sender.socket.end(bytes);
    await until(() => receiver.hasEnded);
    expect(receiver.received).toEqual(bytes);
    // A system that is busy may give the reader two at once.
    expect(receiver.chunks.length).toBeGreaterThan(50);
  });

  test('coalesce: many chunks arrive as few', async () => {
    const bytes = randomBytes(300);
    const { sender, receiver } = await connectWith({ coalesce: 300 });
    for (let at = 0; at < bytes.length; at += 3) {
      sender.socket.write(bytes.subarray(at, at + 3));
      await turn();
    }
    expect(await receiver.receives(300)).toEqual(bytes);
    // On a busy machine the line may seem quiet in between.
    expect(receiver.chunks.length).toBeLessThan(50);
  });

  test('coalesce: what is fewer than that goes on once nothing more comes', async () => {
    const { sender, receiver } = await connectWith({ coalesce: 300 });
    sender.socket.write('a question');
    expect((await receiver.receives(10)).toString()).toBe('a question');
  });

  test('replay of bytes: they come twice in a row, or again later', async () => {
    const bytes = randomBytes(200);
    const twice = Buffer.concat([bytes.subarray(0, 50), bytes.subarray(20)]);
    expect(await arrivesOf(bytes, { replay: { from: 20, to: 50 } })).toEqual(twice);
    const later = Buffer.concat([bytes.subarray(0, 100), bytes.subarray(20, 50), bytes.subarray(100)]);
    expect(await arrivesOf(bytes, { replay: { from: 20, to: 50, at: 100 } })).toEqual(later);
  });

  test('replay of a frame: it comes twice in a row', async () => {
    const frames = [
      frame(randomBytes(10)),
      frame(Buffer.alloc(0)),
      frame(randomBytes(100_000)),
      frame(randomBytes(3)),
    ];
    for (const [at, again] of frames.entries()) {
      const expected = Buffer.concat([...frames.slice(0, at + 1), again, ...frames.slice(at + 1)]);
      expect(await arrivesOf(Buffer.concat(frames), { replay: { frame: at } })).toEqual(expected);
    }
  });
});
