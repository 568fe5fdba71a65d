import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { certificate, identity } from '../../access/fixtures/certificate';
import { SlowListener } from '../fixtures/slow-listener';
import { dial } from './dial';
import type { Dialled } from './race';
import { Replicas } from './replicas';
import { settingsOf, type ConnectOptions } from './settings';

const forever = new AbortController().signal;
function dialTo(options: ConnectOptions, ended = forever): Promise<Dialled> {
  const settings = settingsOf(options);
  return dial(settings, new Replicas(settings), ended);
}

const timers = () => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;

/** Attempts that were given up go away with the next turn of the event loop; others would keep the test from its end. */
async function untilNoneConnects(): Promise<void> {
  while (process.getActiveResourcesInfo().includes('TCPConnectWrap')) await setImmediate();
}

afterEach(() => jest.restoreAllMocks());

test('a dial is given up when its client is closed, and leaves nothing that keeps the process', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const before = timers();
  const end = new AbortController();
  const dialled = dialTo({ port }, end.signal);
  end.abort();
  await expect(dialled).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(timers()).toBe(before);
  server.close();
  await once(server, 'close');
});

describe('a host name with an address that takes a second to answer', () => {
  let listener: SlowListener;
  afterEach(() => listener.close());

  /** What the name stands for. `onLookup` is called once the first address is being tried. */
  function resolveTo(addresses: readonly string[], onLookup: () => void = () => undefined): void {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    jest.spyOn(dns, 'lookup').mockImplementation(((_host: string, _options: object, done: Lookup) => {
      done(null, found);
      void setImmediate().then(onLookup);
    }) as unknown as typeof dns.lookup);
  }

  test.each([
    ['plain', undefined],
    ['TLS', { ca: certificate('ca') }],
  ])('is reached where the other one leads nowhere (%s)', async (_, tls) => {
    listener = await SlowListener.start(tls && identity('server'));
    resolveTo(['127.0.0.1', '::1'], () => listener.wake());
    const { socket } = await dialTo({ host: 'localhost', port: listener.port, tls });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
    await once(socket, 'close');
  });

  test('is reached by the other one meanwhile, and the first is given up', async () => {
    listener = await SlowListener.start();
    const server = createServer().listen(listener.port, '127.0.0.2');
    await once(server, 'listening');
    resolveTo(['127.0.0.1', '127.0.0.1', '127.0.0.2']);
    const { socket } = await dialTo({ host: 'name.example', port: listener.port });
    expect(socket.remoteAddress).toBe('127.0.0.2');
    await untilNoneConnects();
    socket.destroy();
    server.close();
    await once(server, 'close');
  });

  test('is not waited for longer than was asked for', async () => {
    listener = await SlowListener.start();
    resolveTo(['127.0.0.1', '::1']);
    const dialled = dialTo({ host: 'name.example', port: listener.port, timeout: 1 });
    await expect(dialled).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('timed out') as string,
    });
    await untilNoneConnects();
  });
});

type Lookup = (error: null, found: readonly { address: string; family: number }[]) => void;
