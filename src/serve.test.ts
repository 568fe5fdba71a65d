import { serve } from './serve';
import { TemporaryFolder } from './stores/fixtures/temporary-folder';

test.each([-1, 65_536, 1.5, Number.NaN])(
  'a port of %d is refused before anything is opened',
  async (port) => {
    await expect(serve({ folder: '/nowhere', port })).rejects.toMatchObject({ code: 'USAGE' });
  },
);

test('what is no glob is refused before anything is opened', async () => {
  await expect(serve({ folder: '/nowhere', also: ['['] })).rejects.toMatchObject({ code: 'USAGE' });
});

test('what is no lock file is refused before anything is opened', async () => {
  const folder = await TemporaryFolder.make();
  const lock = await folder.put('images.lock', '# reso lock 1\na.jpg 1\n');
  await expect(serve({ folder: '/nowhere', lock })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(`${lock}, line 2: expected a name, a size and a SHA-256`) as string,
  });
  await folder.remove();
});
