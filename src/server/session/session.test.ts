import { encode, encodeHeader, MessageType, parseClosing, parseError, parseJson } from '../../protocol';
import { eventually, noise, Serving } from '../fixtures/serving';

let serving: Serving;
afterEach(() => serving.stop());

const hello = encode.clientHello({ versions: [1] });

describe('HELLO', () => {
  beforeEach(async () => (serving = await Serving.start({ agent: 'reso test' })));

  test('is answered with version, limits and block size', async () => {
    const client = await serving.connect();
    client.send(hello);
    await client.until(() => client.frames.length > 0);
    expect(client.hello()).toMatchObject({ version: 1, agent: 'reso test', blockSize: 1_048_576 });
  });

  test('requests may be right behind it, in the same packet', async () => {
    await serving.put('img.jpg', 'image');
    const client = await serving.connect();
    client.send(
      hello,
      encode.get(1, { name: 'img.jpg' }),
      encode.stat(2, { name: 'img.jpg' }),
      encode.ping(3),
    );
    expect((await client.delivered(1)).bytes.toString()).toBe('image');
    expect((await client.image(2)).size).toBe(5);
    await client.final(3);
    expect(client.frames[0]!.type).toBe(MessageType.HELLO);
  });

  test('any number of optional messages before it are skipped', async () => {
    const client = await serving.connect();
    const unknown = Buffer.concat([encodeHeader(2, 0xee, 7), Buffer.from('hi')]);
    client.send(unknown, unknown, hello, encode.ping(1));
    await client.final(1);
    expect(client.frames.map(({ type }) => type)).toEqual([MessageType.HELLO, MessageType.PONG]);
  });

  test.each([
    ['no common version', encode.clientHello({ versions: [2, 3] }), 'UNSUPPORTED_VERSION'],
    ['a request before it', encode.stat(1, { name: 'img.jpg' }), 'BAD_FRAME'],
    ['a second one', Buffer.concat([hello, hello]), 'BAD_FRAME'],
    ['a request id', Buffer.concat([encodeHeader(2, MessageType.HELLO, 1), Buffer.from('{}')]), 'BAD_FRAME'],
    ['no JSON', Buffer.concat([encodeHeader(2, MessageType.HELLO, 0), Buffer.from('hi')]), 'BAD_MESSAGE'],
    ['one that is too long', encodeHeader(16_385, MessageType.HELLO, 0), 'BAD_FRAME'],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), 'BAD_FRAME'],
    ['a TLS ClientHello', Buffer.from('1603010200010001fc0303', 'hex'), 'BAD_FRAME'],
    ['a frame of 4 GiB', Buffer.from('ffffffff0400000001', 'hex'), 'BAD_FRAME'],
  ])('%s: a typed error, then the end', async (_, bytes, code) => {
    const client = await serving.connect();
    client.send(bytes);
    await client.closed();
    const error = parseError(parseJson(client.frames.at(-1)!.payload));
    expect(error.code).toBe(code);
    if (code === 'UNSUPPORTED_VERSION') expect(error.versions).toEqual([1]);
    if (bytes.includes('HTTP')) expect(error.message).toMatch(/^This is HTTP\. /);
    await eventually(() => serving.server.connections === 0);
  });
});

describe('messages after HELLO', () => {
  beforeEach(async () => {
    serving = await Serving.start();
    await serving.put('img.jpg', 'image');
  });

  const frame = (type: number, id: number, payload = '') =>
    Buffer.concat([encodeHeader(Buffer.byteLength(payload), type, id), Buffer.from(payload)]);

  test.each([
    ['a message that only servers send', frame(MessageType.PAGE, 1, '{}')],
    ['DATA', frame(MessageType.DATA, 1, 'bytes')],
    ['DATA of no bytes', frame(MessageType.DATA, 1)],
    ['a request with id 0', frame(MessageType.STAT, 0, '{"name":"img.jpg"}')],
    ['a PING that is too long', frame(MessageType.PING, 1, 'x'.repeat(65))],
    ['a request that is too long', encodeHeader(65_537, MessageType.STAT, 1)],
  ])('%s: BAD_FRAME, then the end', async (_, bytes) => {
    const client = await serving.greeted();
    client.send(bytes);
    await client.closed();
    expect(parseError(parseJson(client.frames.at(-1)!.payload)).code).toBe('BAD_FRAME');
  });

  test('an id that is outstanding: BAD_FRAME', async () => {
    await serving.put('big.jpg', noise(20_000_000));
    const client = await serving.greeted();
    client.send(encode.get(1, { name: 'big.jpg' }), encode.stat(1, { name: 'img.jpg' }));
    await client.closed();
    expect(parseError(parseJson(client.frames.at(-1)!.payload)).code).toBe('BAD_FRAME');
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a missing member', '{}'],
    ['a wrong type', '{"name":1}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')],
  ])('%s: BAD_MESSAGE, and the connection goes on', async (_, payload) => {
    const client = await serving.greeted();
    client.send(
      Buffer.concat([encodeHeader(payload.length, MessageType.STAT, 1), Buffer.from(payload, 'latin1')]),
      encode.stat(2, { name: 'img.jpg' }),
    );
    expect((await client.error(1)).code).toBe('BAD_MESSAGE');
    expect((await client.image(2)).size).toBe(5);
  });

  test('an unknown required type: UNSUPPORTED; an unknown optional one: skipped', async () => {
    const client = await serving.greeted();
    client.send(frame(0x55, 1, 'x'), frame(0xee, 2, 'x'), encode.ping(3, Buffer.from('still here')));
    expect((await client.error(1)).code).toBe('UNSUPPORTED');
    expect((await client.final(3)).payload.toString()).toBe('still here');
    expect(client.frames.filter((one) => one.id === 2)).toEqual([]);
  });

  test('one more request than allowed: TOO_MANY_REQUESTS for that one, then the end', async () => {
    await serving.put('big.jpg', noise(20_000_000));
    const client = await serving.greeted();
    client.socket.pause();
    client.send(...Array.from({ length: 257 }, (_, i) => encode.get(i + 1, { name: 'big.jpg' })));
    client.socket.resume();
    await client.closed();
    const last = client.frames.at(-1)!;
    expect(last.id).toBe(257);
    expect(parseError(parseJson(last.payload)).code).toBe('TOO_MANY_REQUESTS');
  });

  test('more payload outstanding than allowed: TOO_MANY_REQUESTS', async () => {
    await serving.put('big.jpg', noise(20_000_000));
    const client = await serving.greeted();
    client.socket.pause();
    client.send(...[1, 2, 3].map((id) => encode.get(id, { name: 'big.jpg' })));
    client.send(...Array.from({ length: 17 }, (_, i) => encode.get(i + 4, { name: 'x'.repeat(65_000) })));
    client.socket.resume();
    await client.closed();
    expect(parseError(parseJson(client.frames.at(-1)!.payload)).code).toBe('TOO_MANY_REQUESTS');
  });

  test('STAT, LIST, DIGESTS', async () => {
    const client = await serving.greeted();
    client.send(
      encode.list(1, {}),
      encode.stat(2, { name: 'img.jpg' }),
      encode.digests(3, { name: 'img.jpg', count: 9 }),
    );
    const image = await client.image(2);
    expect((await client.page(1)).images.map((one) => one.name)).toEqual(['img.jpg']);
    const proof = await client.proof(3);
    expect(proof).toMatchObject({ size: 5, version: image.version, first: 0, blocks: [proof.sha256] });
  });

  test.each<[string, string, string[]]>([
    ['the empty string', '', ['img.jpg']],
    ['longer than any name', 'i'.padEnd(60_000, 'x'), []],
    ['longer than any name, and before one', 'i'.padEnd(60_000, 'a'), ['img.jpg']],
    ['no name', '../x', ['img.jpg']],
    ['NUL', '\0', ['img.jpg']],
  ])('LIST behind %s', async (_, after, names) => {
    const client = await serving.greeted();
    client.send(encode.list(1, { after }));
    expect((await client.page(1)).images.map(({ name }) => name)).toEqual(names);
  });

  test('LIST behind an unpaired surrogate, which counts as U+FFFD', async () => {
    await Promise.all(['\ufffc.jpg', '\ufffe.jpg'].map((name) => serving.put(name, 'image')));
    const client = await serving.greeted();
    client.send(encode.list(1, { after: '\ud800' }));
    expect((await client.page(1)).images.map(({ name }) => name)).toEqual(['\ufffe.jpg']);
  });

  test('what nobody knows may be nested as deep as it likes', async () => {
    const client = await serving.greeted();
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    client.send(frame(MessageType.STAT, 1, `{"more":${deep},"name":"img.jpg"}`));
    expect((await client.image(1)).size).toBe(5);
  });

  test.each([
    ['with nothing outstanding', []],
    ['behind a request', [encode.get(1, { name: 'big.jpg' })]],
    ['behind one that is still to be read', [encode.list(1, {})]],
  ])('a client that ends its side within a frame, %s: BAD_FRAME at once', async (_, requests) => {
    await serving.put('big.jpg', noise(40_000_000));
    const client = await serving.greeted();
    client.send(...requests, encode.stat(2, { name: 'img.jpg' }).subarray(0, 12));
    client.socket.end();
    await client.closed();
    expect(client.errorCodes).toEqual(['BAD_FRAME']);
    expect(client.frames.at(-1)!.id).toBe(0);
  });

  test('a client that has ended its side still gets all it asked for', async () => {
    const bytes = await serving.put('big.jpg', noise(5_000_000));
    const client = await serving.connect();
    client.send(
      hello,
      encode.get(1, { name: 'big.jpg' }),
      encode.get(2, { name: 'img.jpg' }),
      encode.list(3, {}),
    );
    client.socket.end();
    expect((await client.delivered(1)).bytes.equals(bytes)).toBe(true);
    expect((await client.delivered(2)).bytes.toString()).toBe('image');
    await client.page(3);
    await client.closed();
  });
});

describe('time-outs', () => {
  test('no HELLO: TIMEOUT', async () => {
    serving = await Serving.start({ timeouts: { hello: 50 } });
    const client = await serving.connect();
    await client.closed();
    expect(parseError(parseJson(client.frames[0]!.payload)).code).toBe('TIMEOUT');
  });

  test('a HELLO that trickles in does not move its deadline', async () => {
    serving = await Serving.start({ timeouts: { hello: 100 } });
    const client = await serving.connect();
    let sent = 0;
    const trickle = setInterval(() => client.send(hello.subarray(sent, ++sent)), 20);
    await client.closed();
    clearInterval(trickle);
    expect(sent).toBeLessThan(hello.length);
  });

  test('half a frame and then silence: TIMEOUT', async () => {
    serving = await Serving.start({ timeouts: { frame: 50 } });
    const client = await serving.greeted();
    client.send(encode.stat(1, { name: 'img.jpg' }).subarray(0, 12));
    await client.closed();
    expect(parseError(parseJson(client.frames[0]!.payload)).code).toBe('TIMEOUT');
  });

  test('nothing outstanding for long: CLOSING for being idle, however much else is said', async () => {
    serving = await Serving.start({ limits: { idle: 1000 } });
    const client = await serving.greeted();
    const chatter = setInterval(() => client.send(encode.cancel(7)), 100);
    await client.closed();
    clearInterval(chatter);
    expect(parseClosing(parseJson(client.frames[0]!.payload)).reason).toBe('idle');
  });

  test('a client that reads nothing is cut off, and its image is closed', async () => {
    serving = await Serving.start({ timeouts: { stall: 200 } });
    await serving.put('big.jpg', noise(40_000_000));
    const client = await serving.greeted();
    client.socket.pause();
    client.send(encode.get(1, { name: 'big.jpg' }));
    await eventually(() => serving.server.connections === 0);
  });

  test('a client that reads nothing is cut off, however much it says', async () => {
    serving = await Serving.start({ timeouts: { stall: 100 } });
    await serving.put('big.jpg', noise(40_000_000));
    const client = await serving.greeted();
    client.socket.pause();
    client.send(encode.get(1, { name: 'big.jpg' }));
    const chatter = setInterval(() => client.send(encode.cancel(7)), 10);
    await eventually(() => serving.server.connections === 0);
    clearInterval(chatter);
  });

  test('WORKING is sent while an image is hashed', async () => {
    serving = await Serving.start({ timeouts: { working: 1 } });
    await serving.put('big.jpg', noise(40_000_000));
    const client = await serving.greeted();
    client.send(encode.digests(1, { name: 'big.jpg' }));
    await client.proof(1);
    const working = client.frames.filter((frame) => frame.type === MessageType.WORKING);
    expect(working.length).toBeGreaterThan(0);
    expect(parseJson(working.at(-1)!.payload)).toMatchObject({ total: 40_000_000 });
  });
});

describe('limits', () => {
  test('more connections than the server takes: BUSY, and those that are there go on', async () => {
    serving = await Serving.start({ limits: { connections: 1 } });
    const first = await serving.greeted();
    const second = await serving.connect();
    await second.closed();
    expect(parseError(parseJson(second.frames[0]!.payload))).toMatchObject({
      code: 'BUSY',
      retryAfter: 1000,
    });
    first.send(encode.ping(1));
    await first.final(1);
  });

  test('limits out of range are refused', async () => {
    serving = await Serving.start();
    await expect(Serving.start({ limits: { outstanding: 1 } })).rejects.toMatchObject({ code: 'USAGE' });
  });
});
