import { ConnectionError, RemoteError } from '../../errors';
import type { Retry } from '../../index';
import { completeServer, givenServer, givenServers, tellRetries } from './client-options';

const serverOf = (server: Parameters<typeof givenServer>[0], env: Record<string, string> = {}) =>
  completeServer(givenServer(server, env));

test('the default server', () => expect(serverOf(undefined)).toEqual({ host: '127.0.0.1', port: 5005 }));

test('RESO_PORT counts where no server is named', () => {
  expect(serverOf(undefined, { RESO_PORT: '6000' })).toEqual({ host: '127.0.0.1', port: 6000 });
  expect(serverOf({ host: 'h' }, { RESO_PORT: '6000' })).toEqual({ host: 'h', port: 5005 });
  expect(serverOf({ host: 'h', port: 1 }, { RESO_PORT: 'abc' })).toEqual({ host: 'h', port: 1 });
});

test('RESO_PORT must be one that can be connected to', () => {
  expect(() => serverOf(undefined, { RESO_PORT: '0' })).toThrow('RESO_PORT must be a whole number from 1');
});

test('several servers are all reached in the same way', () => {
  const [a, b] = [
    { host: 'a', tls: true },
    { host: 'b', port: 1, tls: true },
  ];
  const servers = [
    { host: 'a', port: 5005 },
    { host: 'b', port: 1 },
  ];
  expect(givenServers([a, b], {})).toEqual({ servers, tls: true });
  expect(() => givenServers([a, { host: 'b' }], {})).toThrow('use resos:// for all of them, or for none');
  expect(givenServers([], { RESO_PORT: '7' })).toEqual({
    servers: [{ host: '127.0.0.1', port: 7 }],
    tls: false,
  });
});

describe('what is tried again', () => {
  const notices: string[] = [];
  const tell = tellRetries((notice) => notices.push(notice), 5);
  const told = (...retries: Retry[]) => (retries.forEach(tell), notices.splice(0));
  const spoilt = new RemoteError('CHANGED', 'It changed.', { image: 'a.jpg' });
  const lost = new ConnectionError('DISCONNECTED', 'Lost.');
  const busy = (image: string) => new RemoteError('BUSY', 'It is busy.', { image });

  test('is named, and which try it is', () => {
    expect(told({ error: spoilt, attempt: 0, delay: 130 }, { error: lost, attempt: 2, delay: 500 })).toEqual([
      'a.jpg: It changed. Trying again in 0.1 s.',
      'Lost. Trying again in 0.5 s (2 of 5).',
    ]);
  });

  test('is told once where it is the server that refuses many images', () => {
    const refused = (image: string, attempt: number) => ({ error: busy(image), attempt, delay: 100 });
    expect(told(refused('a', 1), refused('b', 1), refused('a', 2), refused('b', 2))).toEqual([
      'It is busy. Trying again in 0.1 s (1 of 5).',
      'It is busy. Trying again in 0.1 s (2 of 5).',
    ]);
  });

  test('is waited for, where it is a server that shuts down', () => {
    const stopping = new RemoteError('CLOSING', 'h:1 is shutting down.');
    const attempts = [0, 1].map((attempt) => ({ error: stopping, attempt, delay: 1000 }));
    expect(told(...attempts)).toEqual([
      'h:1 is shutting down. Waiting for it to come back.',
      'h:1 is shutting down. Trying again in 1.0 s (1 of 5).',
    ]);
  });
});
