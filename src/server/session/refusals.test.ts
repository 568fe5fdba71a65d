import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Gatekeeper, openTls, type GatekeeperOptions, type TokenLine } from '../../access';
import { certificate, certificatePath, identity, keyPath } from '../../access/fixtures/certificate';
import { encode, MessageType, type MessageTypeName } from '../../protocol';
import { RawClient } from '../fixtures/raw-client';
import { Serving } from '../fixtures/serving';

const TOKEN = 'a-token-of-enough-characters';
const NARROW = 'another-token-that-may-read-little';

/**
 * Every way in: what a client can send. A message that this table does not know fails the test at the end of the file.
 * `about` names an image; `all` is answered according to what may be read; `nothing` tells nothing of the images.
 */
const WAYS_IN: Partial<Record<MessageTypeName, { asks: 'about' | 'all' | 'nothing'; frame(): Buffer }>> = {
  LIST: { asks: 'all', frame: () => encode.list(1, {}) },
  STAT: { asks: 'about', frame: () => encode.stat(1, { name: 'secret/a.jpg' }) },
  GET: { asks: 'about', frame: () => encode.get(1, { name: 'secret/a.jpg' }) },
  DIGESTS: { asks: 'about', frame: () => encode.digests(1, { name: 'secret/a.jpg' }) },
  FETCH: { asks: 'about', frame: () => encode.fetch(1, { images: [{ name: 'secret/a.jpg' }] }) },
  WATCH: { asks: 'all', frame: () => encode.watch(1, { unless: 'g' }) },
  PING: { asks: 'nothing', frame: () => encode.ping(1) },
};

/** What a client sends that asks for nothing: HELLO is the gate itself. */
const NO_WAYS_IN: readonly MessageTypeName[] = ['HELLO', 'CANCEL'];
const FROM_SERVER: readonly MessageTypeName[] = [
  ...([
    'PAGE',
    'IMAGE',
    'DELIVERY',
    'DATA',
    'END',
    'PROOF',
    'PONG',
    'ERROR',
    'PACK',
    'GENERATION',
    'WORKING',
    'CLOSING',
  ] as const),
];

let serving: Serving | undefined;
let tokens: readonly TokenLine[];
beforeEach(() => {
  tokens = [
    { name: 'lab1', token: TOKEN, prefixes: undefined },
    { name: 'lab2', token: NARROW, prefixes: ['open'] },
  ];
});
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
});

async function serve(options: GatekeeperOptions, clientCa?: string, name = 'server'): Promise<Serving> {
  const files = { cert: certificatePath(name), key: keyPath(name), clientCa };
  const tls = clientCa === undefined ? undefined : openTls(files, () => undefined);
  const material = tls && (() => tls.value);
  serving = await Serving.start({ gatekeeper: new Gatekeeper(options), tls: material });
  await serving.put('secret/a.jpg', 'secret');
  await serving.put('open/b.jpg', 'open');
  return serving;
}

type Connect = (port: number) => Socket;
const plain: Connect = (port) => connectPlain(port, '127.0.0.1');
const withCertificate =
  (name?: string): Connect =>
  (port) =>
    connectTls({ host: 'localhost', port, ca: certificate('ca'), ...(name !== undefined && identity(name)) });

/** Codes of the errors that come, until the connection ends or an answer to request 1 has come. */
async function refusalOf(connect: Connect, hello: Buffer, frame: Buffer): Promise<string> {
  const client = new RawClient(connect(serving!.server.port));
  client.send(hello, frame);
  await client.until(() => client.isClosed || client.replyTo(1) !== undefined);
  client.socket.destroy();
  return client.errorCodes.at(-1) ?? 'answered';
}

const hello = (token?: string) => encode.clientHello({ versions: [1], token });

const byToken = () => serve({ tokens: () => tokens });
const byCertificate = () => serve({ needsCertificate: true }, certificatePath('ca'));
const byBoth = () => serve({ needsCertificate: true, tokens: () => tokens }, certificatePath('ca'));

const REFUSALS: [string, () => Promise<Serving>, Connect, Buffer][] = [
  ['no token', byToken, plain, hello()],
  ['a token that is not known', byToken, plain, hello('b-token-of-enough-characters')],
  ['a token that is a little shorter', byToken, plain, hello(TOKEN.slice(0, -1))],
  ['an empty token', byToken, plain, hello('')],
  ['no certificate', byCertificate, withCertificate(), hello()],
  ['a certificate of a stranger', byCertificate, withCertificate('stranger-client'), hello()],
  ['a token instead of a certificate', byBoth, withCertificate(), hello(TOKEN)],
  ['a certificate instead of a token', byBoth, withCertificate('client'), hello()],
];

describe.each(Object.entries(WAYS_IN))('%s', (_, { asks, frame }) => {
  test.each(REFUSALS)('with %s: UNAUTHORIZED', async (_why, serve, connect, hello) => {
    await serve();
    expect(await refusalOf(connect, hello, frame())).toBe('UNAUTHORIZED');
  });

  test('with a token that is good, and a certificate where that is asked for: an answer', async () => {
    await byToken();
    expect(await refusalOf(plain, hello(TOKEN), frame())).toBe('answered');
    await serving!.stop();
    await byBoth();
    expect(await refusalOf(withCertificate('client'), hello(TOKEN), frame())).toBe('answered');
  });

  test('of an image that this token may not read: FORBIDDEN', async () => {
    await byToken();
    expect(await refusalOf(plain, hello(NARROW), frame())).toBe(asks === 'about' ? 'FORBIDDEN' : 'answered');
  });

  test('with a token that was taken back meanwhile: UNAUTHORIZED', async () => {
    await byToken();
    const client = new RawClient(plain(serving!.server.port));
    client.send(hello(TOKEN), encode.ping(7));
    await client.until(() => client.replyTo(7) !== undefined);
    tokens = tokens.slice(1);
    client.send(frame());
    await client.until(() => client.isClosed);
    expect(client.errorCodes.at(-1)).toBe('UNAUTHORIZED');
  });
});

test('what the server itself shows, its own certificate, tells it how it is and nothing else', async () => {
  // Of another authority than the clients'.
  await serve({ needsCertificate: true, tokens: () => tokens }, certificatePath('ca'), 'stranger');
  const ca = certificate('stranger-ca');
  const own: Connect = (port) => connectTls({ host: 'localhost', port, ca, ...identity('stranger') });
  expect(await refusalOf(own, hello(TOKEN), WAYS_IN.PING!.frame())).toBe('answered');
  expect(await refusalOf(own, hello(TOKEN), WAYS_IN.GET!.frame())).toBe('FORBIDDEN');
});

test('a list names only what may be read, and hints at nothing else', async () => {
  await byToken();
  for (let i = 0; i < 30; i++) await serving!.put(`secret/${i}.jpg`, 'x');
  const client = new RawClient(plain(serving!.server.port));
  client.send(hello(NARROW), encode.list(1, { limit: 1 }));
  await client.until(() => client.replyTo(1) !== undefined);
  const page = client.replyTo(1)!.payload.toString();
  expect(page).toContain('open/b.jpg');
  expect(page).not.toContain('secret');
  client.socket.destroy();
});

test('whether there is such an image makes no difference to FORBIDDEN', async () => {
  await byToken();
  const replies: unknown[] = [];
  for (const name of ['secret/a.jpg', 'secret/nothing.jpg', '../etc/passwd']) {
    const client = new RawClient(plain(serving!.server.port));
    client.send(hello(NARROW), encode.stat(1, { name }));
    await client.until(() => client.replyTo(1) !== undefined);
    const { name: asked, ...reply } = JSON.parse(client.replyTo(1)!.payload.toString()) as { name: string };
    expect(asked).toBe(name);
    replies.push(JSON.stringify(reply));
    client.socket.destroy();
  }
  expect(new Set(replies).size).toBe(1);
});

test('every way in is in the table', () => {
  const known = [...Object.keys(WAYS_IN), ...NO_WAYS_IN, ...FROM_SERVER];
  expect(known.sort()).toEqual(Object.keys(MessageType).sort());
});
