import { resolve } from 'node:path';
import type { StartedTestContainer } from 'testcontainers';
import type * as Testing from '.';
import { ResoServerContainer, StartedResoServerContainer } from '.';

/** What the engine would be told. */
class Seen extends ResoServerContainer {
  get told() {
    return { host: this.hostConfig, create: this.createOpts };
  }
}

const startedAt = (host: string) =>
  new StartedResoServerContainer({
    getHost: () => host,
    getMappedPort: (port: number) => port + 1000,
  } as unknown as StartedTestContainer);

test('images come from a folder of this machine, read-only, whatever else is mounted', () => {
  const container = new Seen('reso-server')
    .withImages('before')
    .withState('kept')
    .withImages('images')
    .withBindMounts([{ source: '/etc', target: '/other' }]);
  expect(container.told.host.Mounts).toEqual([
    { Type: 'volume', Source: 'kept', Target: '/state' },
    { Type: 'bind', Source: resolve('images'), Target: '/images', ReadOnly: true },
  ]);
});

test("the image's own health check is waited for, and looked at each second", () => {
  expect(new Seen('reso-server').told.create.Healthcheck).toEqual({ Interval: 1e9, StartPeriod: 60e9 });
});

test('its address is what `reso --server` takes', () => {
  expect(startedAt('localhost').getPort()).toBe(6005);
  expect(startedAt('localhost').getAddress()).toBe('localhost:6005');
  expect(startedAt('::1').getAddress()).toBe('[::1]:6005');
});

describe('without testcontainers', () => {
  beforeEach(() => {
    jest.resetModules();
    jest.doMock('testcontainers', () => {
      throw new Error("Cannot find module 'testcontainers'");
    });
  });

  afterEach(() => {
    jest.dontMock('testcontainers');
    jest.resetModules();
  });

  test('the proxy works, and a container says what is missing', async () => {
    const testing = jest.requireActual<typeof Testing>('.');
    const proxy = await testing.FaultProxy.start({ port: 1 });
    expect(proxy.port).toBeGreaterThan(0);
    await proxy.close();
    const missing = {
      code: 'USAGE',
      message: expect.stringContaining('npm install --save-dev testcontainers') as string,
    };
    expect(() => new testing.ResoServerContainer('reso-server')).toThrow(
      expect.objectContaining(missing) as Error,
    );
  });
});
