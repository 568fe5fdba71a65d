import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, newToken, serve, type ServeHandle, type ServeOptions } from '.';

let base: string;
const servers: ServeHandle[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-replicas-http-'));
  await mkdir(join(base, 'images'));
  await writeFile(join(base, 'images', 'a.jpg'), 'image');
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close({ grace: 0 })));
  await rm(base, { recursive: true });
});

async function start(options: ServeOptions): Promise<ServeHandle> {
  const server = await serve({ folder: join(base, 'images'), port: 0, ...options });
  servers.push(server);
  return server;
}

test('who has logged in at one server is known to every other one with the same tokens', async () => {
  const tokenFile = join(base, 'tokens');
  const token = newToken();
  await writeFile(tokenFile, `lab ${token}\n`);
  const options = { tokenFile, http: { port: 0, noRender: true } };
  const first = await start({ ...options, host: '127.0.0.1' });
  const { port } = new URL(first.galleries[0]!);
  // Browsers send a cookie to a name, whatever address is behind it; its own name contains the port.
  await start({ ...options, host: '127.0.0.2', http: { ...options.http, port: Number(port) } });
  const body = new URLSearchParams({ token });
  const login = await fetch(`http://127.0.0.1:${port}/session`, { method: 'POST', body, redirect: 'manual' });
  expect(login.status).toBe(303);
  const [cookie] = login.headers.getSetCookie()[0]!.split(';');
  for (const host of ['127.0.0.1', '127.0.0.2']) {
    const url = `http://${host}:${port}/images/a.jpg`;
    expect((await fetch(url, { headers: { Cookie: cookie! } })).status).toBe(200);
    expect((await fetch(url)).status).toBe(401);
  }
  await writeFile(tokenFile, `lab ${newToken()}\n`);
  for (const host of ['127.0.0.1', '127.0.0.2'])
    expect(
      (await fetch(`http://${host}:${port}/images/a.jpg`, { headers: { Cookie: cookie! } })).status,
    ).toBe(401);
});

test('while it drains, a server is not ready, but answers everybody; then it closes', async () => {
  const server = await start({ host: '127.0.0.1', http: { port: 0, noRender: true } });
  const gallery = server.galleries[0]!;
  expect((await fetch(`${gallery}readyz`)).status).toBe(200);
  const closing = server.close({ drain: 2, grace: 0 });
  expect((await fetch(`${gallery}readyz`)).status).toBe(503);
  expect((await fetch(`${gallery}healthz`)).status).toBe(200);
  const image = await fetch(`${gallery}images/a.jpg`);
  expect([image.status, await image.text()]).toEqual([200, 'image']);
  const client = connect({ port: server.port, retries: 0 });
  expect(await client.stat('a.jpg')).toMatchObject({ size: 5 });
  await closing;
  await expect(client.ping()).rejects.toMatchObject({ code: 'UNREACHABLE' });
  client.close();
  await expect(fetch(`${gallery}readyz`)).rejects.toThrow();
});
