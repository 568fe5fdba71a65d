import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PromptCalls } from '../../files';
import { lookAt } from './local-files';

let time = 0;
const prompt = new PromptCalls(() => time);
const slow = new PromptCalls(() => (time += 10));

test.each([
  ['prompt', prompt],
  ['slow', slow],
])('what lies there, one for each path, in their order; no link is followed: %s', async (_, calls) => {
  const base = await mkdtemp(join(tmpdir(), 'reso-'));
  const names = Array.from({ length: 20 }, (_, i) => `${i}`);
  for (const name of names) await writeFile(join(base, name), 'x'.repeat(Number(name)));
  await symlink(join(base, '1'), join(base, 'link'));
  const looked = await lookAt(
    [...names, 'none', 'link', '1/below'].map((name) => join(base, name)),
    calls,
  );
  expect(looked.slice(0, 20).map((one) => one?.found?.size)).toEqual(names.map(Number));
  expect(looked[20]).toEqual({ found: undefined });
  expect(looked[21]?.found?.isSymbolicLink()).toBe(true);
  // Not to be looked at is something else than not to be there.
  expect(looked[22]).toBeUndefined();
  expect(await lookAt([], calls)).toEqual([]);
  await rm(base, { recursive: true });
});
