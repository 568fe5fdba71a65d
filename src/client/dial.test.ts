import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { dial } from './dial';
import { settle } from './settings';

test('a dial is given up when its client is closed, and leaves nothing that keeps the process', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const before = process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
  const end = new AbortController();
  const dialled = dial(settle({ port }), end.signal);
  end.abort();
  await expect(dialled).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(process.getActiveResourcesInfo().filter((one) => one === 'Timeout')).toHaveLength(before);
  server.close();
  await once(server, 'close');
});
