import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type ServeHandle } from '../../src';
import { hang } from '../load/gallery';
import { cutEverywhere } from './cuts';

let folder: string;
let server: ServeHandle;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'reso-cuts-'))));
afterEach(async () => {
  await server.close({ grace: 0 });
  rmSync(folder, { recursive: true });
});

test('wherever a connection is cut, the client goes on and everything verifies', async () => {
  const images = join(folder, 'images');
  mkdirSync(images);
  const gallery = hang(images, { 'small.jpg': 3000, 'b/large.tif': 2_700_000 });
  server = await serve({ folder: images, host: '127.0.0.1', port: 0 });
  const endpoint = { host: '127.0.0.1', port: server.port, sources: [] };
  const { cuts, broken } = await cutEverywhere(endpoint, gallery, folder, 7);
  expect(broken).toEqual([]);
  expect(cuts).toBeGreaterThan(100);
});
