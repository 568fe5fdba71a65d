import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve } from '../../index';
import { SERVE_OPTIONS } from '../settings/serve-options';
import { resolveSettings } from '../settings/settings';
import { reloadNotice, serveOptions } from './serve';

test('--also serves what is no image, and of what is left out all the same some is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reso-'));
  for (const name of ['a.jpg', 'notes.txt', 'wells.las']) await writeFile(join(folder, name), 'text');
  const settings = resolveSettings(SERVE_OPTIONS, { folder, also: ['*.las'] }, {});
  const server = await serve({ ...serveOptions(settings), host: '127.0.0.1', port: 0 });
  const client = connect({ port: server.port, retries: 0 });
  try {
    const names: string[] = [];
    for await (const { name } of client.list()) names.push(name);
    expect(names).toEqual(['a.jpg', 'wells.las']);
    expect(await server.survey()).toMatchObject({
      images: 2,
      leftOut: { notImage: 1 },
      leftOutNames: { notImage: ['notes.txt'] },
    });
  } finally {
    client.close();
    await server.close({ grace: 0 });
    await rm(folder, { recursive: true });
  }
});

test.each([
  ['nothing to reload: the server has no certificates, tokens or lock file', {}],
  ['reloading tokens', { tokenFile: 'tokens' }],
  [
    'reloading certificates, tokens and the lock file',
    { tlsCert: 'c', tlsKey: 'k', tokenFile: 't', lock: 'l' },
  ],
])('SIGHUP: %s', (notice, values) => {
  expect(reloadNotice(resolveSettings(SERVE_OPTIONS, { folder: '.', ...values }, {}))).toBe(notice);
});
