import { FolderSyncs } from './folder-syncs';

/** Folder syncs that end when they are told to, in the order in which they began. */
function controlled() {
  const begun: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const syncs = new FolderSyncs((folder) => {
    begun.push(folder);
    return new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
  });
  return { syncs, begun, ends };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who comes while one runs shares the next, which begins after that', async () => {
  const { syncs, begun, ends } = controlled();
  const first = syncs.sync('a');
  await turn();
  const others = [1, 2, 3].map(() => syncs.sync('a'));
  await turn();
  expect(begun).toEqual(['a']);
  ends[0]!();
  await first;
  await turn();
  expect(begun).toEqual(['a', 'a']);
  ends[1]!();
  await Promise.all(others);
  expect(begun).toHaveLength(2);
});

test('folders do not wait for each other', async () => {
  const { syncs, begun } = controlled();
  void syncs.sync('a');
  void syncs.sync('b');
  await turn();
  expect(begun).toEqual(['a', 'b']);
});

test('a failure is that of all who shared it, and the next begins anew', async () => {
  const { syncs, begun, ends } = controlled();
  const failing = [syncs.sync('a'), syncs.sync('a')];
  await turn();
  const next = syncs.sync('a');
  ends[0]!(new Error('no'));
  for (const one of failing) await expect(one).rejects.toThrow('no');
  await turn();
  expect(begun).toHaveLength(2);
  ends[1]!();
  await next;
});

test('a real folder, and one that is not there', async () => {
  await new FolderSyncs().sync(__dirname);
  await expect(new FolderSyncs().sync(`${__dirname}/nope`)).rejects.toMatchObject({ code: 'ENOENT' });
});
