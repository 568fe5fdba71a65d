import dns from 'node:dns';
import { Replicas, type Replica } from './replicas';
import { settingsOf, type ConnectOptions } from './settings';

const forever = new AbortController().signal;
const A = { host: '192.0.2.1', port: 1 };
const B = { host: '192.0.2.2', port: 2 };

const replicasOf = (options: ConnectOptions) => new Replicas(settingsOf(options));
const ips = (some: readonly Replica[]) => some.map(({ ip }) => ip);

/** What names stand for; one without addresses can't be resolved. */
function resolve(names: Readonly<Record<string, readonly string[]>>): void {
  type Done = (error: Error | null, found?: readonly { address: string; family: number }[]) => void;
  const lookup = (host: string, _: object, done: Done) => {
    const found = names[host] ?? [];
    if (found.length === 0) return done(Object.assign(new Error(host), { syscall: 'getaddrinfo' }));
    done(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  jest.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('several servers', () => {
  test('have the same identity in any order, and once each', () => {
    const { identity, address } = settingsOf({ servers: [A, B] });
    expect(address).toBe('192.0.2.1:1, 192.0.2.2:2');
    expect(settingsOf({ servers: [B, A, B] }).identity).toBe(identity);
    const named = settingsOf({ servers: [{ host: 'X', port: 5005 }, A] });
    expect(settingsOf({ servers: [A, { host: 'x' }] }).identity).toBe(named.identity);
    expect(settingsOf({ servers: [A] }).identity).toBe(settingsOf(A).identity);
  });

  test.each<ConnectOptions>([
    { servers: [] },
    { servers: [A], host: 'h' },
    { servers: [A], port: 1 },
    { servers: [{ host: '' }] },
    { servers: [{ host: 'h', port: 0 }] },
    { servers: Array.from({ length: 65 }, (_, i) => ({ host: `h${i}` })) },
  ])('%j is refused', (options) =>
    expect(() => settingsOf(options)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error),
  );
});

test('the one with the fewest connections comes first, and one that failed does not come for a while', async () => {
  const replicas = replicasOf({ servers: [A, B] });
  const [first, second] = await replicas.next(forever);
  first.links++;
  expect(ips(await replicas.next(forever))).toEqual(ips([second!, first]));
  second!.failed();
  expect(ips(await replicas.next(forever))).toEqual([first.ip]);
  jest.advanceTimersByTime(400);
  expect(ips(await replicas.next(forever))).toEqual(ips([second!, first]));
});

test('the rest of a dead one grows to ten seconds or so, and its end is as short as ever once it works', async () => {
  const replicas = replicasOf({ servers: [A, B] });
  const [dead] = await replicas.next(forever);
  const rest = () => {
    dead.failed();
    const milliseconds = dead.restsUntil - performance.now();
    jest.advanceTimersByTime(milliseconds + 1);
    return milliseconds;
  };
  const rests = Array.from({ length: 10 }, rest);
  expect(rests[0]).toBeLessThanOrEqual(375);
  expect(rests[9]).toBeGreaterThanOrEqual(5000);
  expect(rests[9]).toBeLessThanOrEqual(15_000);
  dead.worked();
  expect(rest()).toBeLessThanOrEqual(375);
});

test('if all failed, all are tried, the one that has rested longest first', async () => {
  const replicas = replicasOf({ servers: [A, B] });
  const [first, second] = await replicas.next(forever);
  first.failed();
  jest.advanceTimersByTime(100);
  first.failed();
  second!.failed();
  expect(replicas.isAnyAwake).toBe(false);
  const next = await replicas.next(forever);
  expect(next).toHaveLength(2);
  expect(next[0].restsUntil).toBeLessThanOrEqual(next[1]!.restsUntil);
});

test('a replica without connections gets one from another that has several, now and then', async () => {
  const replicas = replicasOf({ servers: [A, B] });
  const [back, busy] = await replicas.next(forever);
  back.failed();
  busy!.links = 4;
  expect(replicas.crowded()).toBeUndefined();
  jest.advanceTimersByTime(400);
  expect(replicas.crowded()).toBe(busy!.name);
  expect(replicas.crowded()).toBeUndefined();
  back.links = 1;
  jest.advanceTimersByTime(60_000);
  expect(replicas.crowded()).toBeUndefined();
});

describe('a name', () => {
  test('with several addresses stands for replicas, each with a name of its own', async () => {
    resolve({ many: ['192.0.2.1', '192.0.2.2'] });
    const replicas = replicasOf({ host: 'many', port: 7 });
    expect(replicas.isReplicated).toBe(false);
    const names = (await replicas.next(forever)).map(({ name }) => name);
    expect(names.sort()).toEqual(['192.0.2.1:7', '192.0.2.2:7']);
    expect(replicas.isReplicated).toBe(true);
  });

  test('with one address of each family stands for one server, and the family that the system prefers comes first', async () => {
    resolve({ one: ['2001:db8::1', '192.0.2.1'] });
    const replicas = replicasOf({ host: 'one', port: 7 });
    const next = await replicas.next(forever);
    expect(ips(next)).toEqual(['2001:db8::1', '192.0.2.1']);
    expect(next.map(({ name }) => name)).toEqual(['one:7', 'one:7']);
    expect(replicas.isReplicated).toBe(false);
  });

  test('that is not known matters only if no other one is', async () => {
    resolve({ here: ['192.0.2.1'] });
    const servers = [{ host: 'gone' }, { host: 'here' }];
    expect(ips(await replicasOf({ servers }).next(forever))).toEqual(['192.0.2.1']);
    const none = replicasOf({ servers: [{ host: 'gone' }, { host: 'away' }] });
    await expect(none.next(forever)).rejects.toThrow('gone');
    expect(none.isAnyAwake).toBe(false);
  });
});
