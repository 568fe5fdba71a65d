import { completeServer, givenServer } from './client-options';

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
