import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, type ListRequest } from '../../protocol';
import type { RawClient } from '../fixtures/raw-client';
import { Serving } from '../fixtures/serving';

interface ListVector {
  readonly name: string;
  readonly request: ListRequest;
  /** Names of all pages. */
  readonly images?: readonly string[];
  readonly code?: string;
}

const path = join(__dirname, '..', '..', '..', 'docs', 'protocol-vectors.json');
const { lists } = JSON.parse(readFileSync(path, 'utf8')) as {
  lists: { names: string[]; cases: ListVector[] };
};

describe.each([
  ['on disk', true],
  ['in memory', false],
])('the list %s', (_, isOnDisk) => {
  let state: string;
  let serving: Serving;
  let client: RawClient;
  let id = 0;

  beforeAll(async () => {
    state = await realpath(await mkdtemp(join(tmpdir(), 'reso-state-')));
    serving = await Serving.start(isOnDisk ? { state } : {});
    for (const name of lists.names) await serving.put(name, 'image');
    client = await serving.greeted();
  });
  afterAll(async () => {
    await serving.stop();
    await rm(state, { recursive: true });
  });

  test.each(lists.cases)('$name', async ({ request, images, code }) => {
    if (code !== undefined) {
      client.send(encode.list(++id, request));
      expect((await client.error(id)).code).toBe(code);
      return;
    }
    const names: string[] = [];
    let { after } = request;
    do {
      client.send(encode.list(++id, { ...request, after }));
      const page = await client.page(id);
      names.push(...page.images.map(({ name }) => name));
      after = page.next;
    } while (after !== undefined);
    expect(names).toEqual(images);
  });
});
