import { ConnectionError, RemoteError } from '../errors';
import { completeServer, givenServer, retryNotice } from './client-options';

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

test('what is tried again is named, and which try it is', () => {
  const spoilt = new RemoteError('CHANGED', 'It changed.', { image: 'a.jpg' });
  expect(retryNotice({ error: spoilt, attempt: 0, delay: 130 }, 5)).toBe(
    'a.jpg: It changed. Trying again in 0.1 s.',
  );
  const lost = new ConnectionError('DISCONNECTED', 'Lost.');
  expect(retryNotice({ error: lost, attempt: 2, delay: 500 }, 5)).toBe(
    'Lost. Trying again in 0.5 s (2 of 5).',
  );
});
