import { serve } from './serve';

test.each([-1, 65_536, 1.5, Number.NaN])(
  'a port of %d is refused before anything is opened',
  async (port) => {
    await expect(serve({ folder: '/nowhere', port })).rejects.toMatchObject({ code: 'USAGE' });
  },
);

test('what is no glob is refused before anything is opened', async () => {
  await expect(serve({ folder: '/nowhere', also: ['['] })).rejects.toMatchObject({ code: 'USAGE' });
});
