import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { certificate, certificatePath, identity, keyPath } from './access/fixtures/certificate';
import { Asides } from './cli/log/asides';
import { captured } from './cli/fixtures/captured';
import { run as runHealth } from './cli/commands/health';
import { HEALTH_OPTIONS } from './cli/settings/options';
import { ownServer } from './cli/commands/health';
import { resolveSettings } from './cli/settings/settings';
import {
  connect,
  newToken,
  serve,
  type ConnectOptions,
  type ServeHandle,
  type ServeOptions,
  type TlsOptions,
} from './index';

let base: string;
let server: ServeHandle;
let warnings: string[];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-tls-'));
  warnings = [];
  await writeFile(join(base, 'img.jpg'), 'image');
});
afterEach(async () => {
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

const at = (name: string) => join(base, name);
const trusting = { ca: certificate('ca') };

async function start(options: ServeOptions): Promise<void> {
  const onWarning = (message: string) => void warnings.push(message);
  server = await serve({ folder: base, host: '127.0.0.1', port: 0, onWarning, ...options });
}

/** A server whose certificate can be exchanged. */
async function startWith(name: string, options: Partial<ServeOptions['tls']> = {}, rest: ServeOptions = {}) {
  await exchange(name);
  await start({ tls: { cert: at('cert.pem'), key: at('key.pem'), ...options }, ...rest });
}

async function exchange(name: string): Promise<void> {
  await copyFile(keyPath(name), at('key.pem'));
  await copyFile(certificatePath(name), at('cert.pem'));
}

function client(tls: TlsOptions | undefined, options: ConnectOptions = {}) {
  return connect({ host: 'localhost', port: server.port, tls, retries: 0, ...options });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );
}

const ping = async (tls: TlsOptions | undefined, options?: ConnectOptions) => {
  const one = client(tls, options);
  const code = await codeOf(one.ping());
  one.close();
  return code;
};

test('an image comes through TLS, as does a large one', async () => {
  await startWith('server');
  await writeFile(at('large.png'), Buffer.alloc(20_000_000, 'large'));
  const one = client(trusting);
  const { failed } = await one.download(['img.jpg', 'large.png'], { output: at('out') });
  one.close();
  expect(failed).toBe(0);
  const large = await readFile(at('out/large.png'));
  expect(large.equals(await readFile(at('large.png')))).toBe(true);
});

test.each([
  ['by nobody known', 'server', undefined, 'localhost'],
  ['by another authority', 'stranger', trusting, 'localhost'],
  ['for another host', 'elsewhere', trusting, 'localhost'],
  ['for another address', 'elsewhere', trusting, '127.0.0.1'],
  ['that has expired', 'expired', trusting, 'localhost'],
])('a certificate %s is not trusted', async (_, name, tls, host) => {
  await startWith(name);
  expect(await ping(tls ?? {}, { host, token: newToken() })).toBe('UNTRUSTED');
});

test('names and addresses in the certificate are good', async () => {
  await startWith('server');
  expect(await ping(trusting, { host: '127.0.0.1' })).toBe('ok');
  expect(await ping(trusting, { host: 'localhost' })).toBe('ok');
});

test('nothing older than TLS 1.3 is spoken', async () => {
  await startWith('server');
  const socket = connectTls({ port: server.port, maxVersion: 'TLSv1.2', rejectUnauthorized: false });
  const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
  expect(error.message).toMatch(/protocol version|alert/i);
});

test("plain and TLS don't meet, and say why", async () => {
  await startWith('server');
  const one = client(undefined);
  await expect(one.ping()).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
    message: expect.stringContaining('use resos://'),
  });
  one.close();
  await server.close();
  await start({});
  expect(await ping(trusting)).toBe('UNTRUSTED');
});

test("a certificate of the client's that is none is told of before anything is sent", async () => {
  await startWith('server');
  const broken = certificate('client').replace(/MI../, 'AAAA');
  expect(await ping({ ...trusting, cert: broken, key: identity('client').key })).toBe('USAGE');
});

test('a certificate is exchanged without dropping anyone', async () => {
  await startWith('server');
  const before = client({ pinned: certificate('server') });
  expect(await codeOf(before.ping())).toBe('ok');
  await exchange('renewed');
  expect(await ping({ pinned: certificate('renewed') })).toBe('ok');
  expect(await ping({ pinned: certificate('server') })).toBe('UNTRUSTED');
  expect(await codeOf(before.ping())).toBe('ok');
  before.close();
  expect(warnings).toEqual([]);
});

test("files that don't fit together leave the certificate of before in place, with one warning", async () => {
  await startWith('server');
  await copyFile(certificatePath('renewed'), at('cert.pem'));
  for (let i = 0; i < 3; i++) expect(await ping({ pinned: certificate('server') })).toBe('ok');
  await rm(at('key.pem'));
  server.reload();
  expect(await ping({ pinned: certificate('server') })).toBe('ok');
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('Keeping the previous certificate and key.');
  await exchange('renewed');
  expect(await ping({ pinned: certificate('renewed') })).toBe('ok');
});

test('a handshake that does not go on does not hold up the end', async () => {
  await startWith('server');
  const socket = connectPlain(server.port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(Buffer.from('1603010200', 'hex'));
  // It was taken in before this one.
  expect(await ping(trusting)).toBe('ok');
  const gone = new Promise((resolve) => socket.once('close', resolve));
  const began = performance.now();
  await server.close({ grace: 10 });
  await gone;
  expect(performance.now() - began).toBeLessThan(2000);
});

test.each([
  ['no certificate', {}, 'UNAUTHORIZED'],
  ['one of a stranger', identity('stranger-client'), 'UNAUTHORIZED'],
  ['one of the authority', identity('client'), 'ok'],
])('where clients need a certificate, with %s', async (_, own, expected) => {
  await startWith('server', { clientCa: certificatePath('ca') });
  expect(await ping({ ...trusting, ...own })).toBe(expected);
});

test("files that can't be used keep a server from starting, and are named", async () => {
  await start({});
  await writeFile(at('cert.pem'), 'nonsense');
  const tls = { cert: at('cert.pem'), key: at('key.pem') };
  await expect(serve({ folder: base, port: 0, tls })).rejects.toMatchObject({ code: 'USAGE' });
  await expect(serve({ folder: base, port: 0, tokenFile: at('none') })).rejects.toMatchObject({
    code: 'USAGE',
    message: `The token file ${at('none')} can't be read: no such file or folder.`,
  });
});

test('tokens are taken back and given without a restart', async () => {
  const [first, second] = [newToken(), newToken()];
  await writeFile(at('tokens'), `lab1 ${first}\n`);
  await start({ tokenFile: at('tokens') });
  const one = client(undefined, { token: first });
  expect(await codeOf(one.ping())).toBe('ok');
  await writeFile(at('tokens'), `lab2 ${second}\n`);
  expect(await codeOf(one.ping())).toBe('UNAUTHORIZED');
  expect(await ping(undefined, { token: second })).toBe('ok');
  await rm(at('tokens'));
  expect(await ping(undefined, { token: second })).toBe('ok');
  expect(warnings).toEqual([expect.stringContaining('The previous tokens stay valid.')]);
  one.close();
});

test('a token that was removed is refused at its next request, whatever else is wrong with the file', async () => {
  const [first, second] = [newToken(), newToken()];
  await writeFile(at('tokens'), `lab1 ${first}\nlab2 ${second}\n`);
  await start({ tokenFile: at('tokens') });
  const [one, two] = [client(undefined, { token: first }), client(undefined, { token: second })];
  for (const each of [one, two]) expect(await codeOf(each.ping())).toBe('ok');
  await writeFile(at('tokens'), `lab2 ${second}\nlab3 short\n`);
  expect(await codeOf(one.ping())).toBe('UNAUTHORIZED');
  expect(await codeOf(two.ping())).toBe('ok');
  server.reload();
  expect(warnings).toEqual(Array(2).fill(expect.stringContaining('has errors: line 2')));
  for (const each of [one, two]) each.close();
});

test('a client whose authority was removed is refused, also where no authority is left', async () => {
  await writeFile(at('ca.pem'), certificate('ca') + certificate('stranger-ca'));
  await startWith('server', { clientCa: at('ca.pem') });
  const [known, stranger] = ['client', 'stranger-client'].map((name) => ({ ...trusting, ...identity(name) }));
  expect([await ping(known), await ping(stranger)]).toEqual(['ok', 'ok']);
  await writeFile(at('ca.pem'), certificate('stranger-ca'));
  expect([await ping(known), await ping(stranger)]).toEqual(['UNAUTHORIZED', 'ok']);
  await writeFile(at('ca.pem'), 'nonsense');
  expect([await ping(known), await ping(stranger)]).toEqual(['UNAUTHORIZED', 'UNAUTHORIZED']);
});

test('a connection that was let in by an authority ends with it', async () => {
  await writeFile(at('ca.pem'), certificate('ca') + certificate('stranger-ca'));
  await startWith('server', { clientCa: at('ca.pem') }, { http: { port: 0 } });
  const names = ['client', 'stranger-client'];
  const clients = names.map((name) => client({ ...trusting, ...identity(name) }));
  const agents = names.map(
    (name) => new Agent({ keepAlive: true, maxSockets: 1, ...identity(name), ...trusting }),
  );
  const both = async () => [
    ...(await Promise.all(clients.map((one) => codeOf(one.ping())))),
    ...(await Promise.all(
      agents.map((agent) => statusOf(new URL('/api/images', server.galleries[0]), agent)),
    )),
  ];
  expect(await both()).toEqual(['ok', 'ok', '200 on a new connection', '200 on a new connection']);
  expect(await both()).toEqual(['ok', 'ok', '200 on a kept one', '200 on a kept one']);
  // Another file that holds the same authority, among others, changes nothing for those that it let in.
  await writeFile(at('ca.pem'), certificate('stranger-ca') + certificate('ca'));
  expect(await both()).toEqual(['ok', 'ok', '200 on a kept one', '200 on a kept one']);
  await writeFile(at('ca.pem'), certificate('stranger-ca'));
  expect(await both()).toEqual(['UNAUTHORIZED', 'ok', '401 on a kept one', '200 on a kept one']);
  expect(await both()).toEqual(['UNAUTHORIZED', 'ok', '401 on a new connection', '200 on a kept one']);
  for (const one of clients) one.close();
  for (const agent of agents) agent.destroy();
});

test('a page that waits for changes is refused when its authority is removed', async () => {
  await copyFile(certificatePath('ca'), at('ca.pem'));
  await startWith('server', { clientCa: at('ca.pem') }, { http: { port: 0 } });
  const agent = new Agent({ ...identity('client'), ...trusting });
  const { generation } = JSON.parse(await textOf(new URL('/api/changes', server.galleries[0]), agent)) as {
    generation: string;
  };
  const waiting = statusOf(new URL(`/api/changes?unless=${generation}`, server.galleries[0]), agent);
  const metrics = () => textOf(new URL('/metrics', server.galleries[0]), agent);
  while (!(await metrics()).includes('\nreso_watches 1\n')) await new Promise(setImmediate);
  await copyFile(certificatePath('stranger-ca'), at('ca.pem'));
  expect(await waiting).toMatch(/^401/);
});

function textOf(url: URL, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => void text(response).then(resolve, reject)).on('error', reject);
  });
}

/** The status of an answer, and whether its connection was a new one. */
function statusOf(url: URL, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      const way = request.reusedSocket ? 'on a kept one' : 'on a new connection';
      response.resume().on('end', () => resolve(`${response.statusCode} ${way}`));
    });
    request.on('error', reject);
  });
}

describe("the server's own variables are enough to ask how it is", () => {
  const variables = (more: Record<string, string>) => ({
    RESO_PORT: String(server.port),
    RESO_TLS_CERT: at('cert.pem'),
    RESO_TLS_KEY: at('key.pem'),
    ...more,
  });

  async function health(env: Record<string, string>): Promise<string> {
    const one = connect({ ...ownServer(env), retries: 0 });
    const code = await codeOf(one.ping());
    one.close();
    return code;
  }

  test.each(['server', 'elsewhere', 'stranger'])('with TLS, by a certificate like %s', async (name) => {
    await startWith(name);
    expect(await health(variables({}))).toBe('ok');
    expect(await health(variables({ RESO_TLS_CERT: certificatePath('renewed') }))).toBe('UNTRUSTED');
  });

  test('with certificates of clients, and tokens', async () => {
    await writeFile(at('tokens'), `# tokens\n\nlab1 ${newToken()} photos\n`);
    await startWith('stranger', { clientCa: certificatePath('ca') }, { tokenFile: at('tokens') });
    const more = { RESO_CLIENT_CA: certificatePath('ca'), RESO_TOKEN_FILE: at('tokens') };
    expect(await health(variables(more))).toBe('ok');
    expect(await health(variables({ RESO_TOKEN_FILE: at('tokens') }))).toBe('UNAUTHORIZED');
  });

  test('with tokens alone', async () => {
    await writeFile(at('tokens'), `${newToken()}\n`);
    await start({ tokenFile: at('tokens') });
    const env = { RESO_PORT: String(server.port), RESO_TOKEN_FILE: at('tokens'), RESO_HOST: '0.0.0.0' };
    expect(await health(env)).toBe('ok');
  });

  test.each(['', 'lab1 short\n', `lab1 ${newToken()} ../x\n`])(
    'and where no token in its file is good any more (%j), it is there all the same',
    async (text) => {
      await writeFile(at('tokens'), `${newToken()}\n`);
      await start({ tokenFile: at('tokens') });
      await writeFile(at('tokens'), text);
      const env = { RESO_PORT: String(server.port), RESO_TOKEN_FILE: at('tokens') };
      expect(await exitCodeOfHealth(env)).toBe(0);
      await server.close();
      expect(await exitCodeOfHealth(env)).toBe(1);
    },
  );

  function exitCodeOfHealth(env: Record<string, string>): Promise<number> {
    const { terminal } = captured();
    const { signal } = new AbortController();
    const world = { names: [], isBare: true, env, terminal, asides: new Asides(), signal };
    return runHealth({ ...world, settings: resolveSettings(HEALTH_OPTIONS, {}, env) });
  }
});
