import { GET_OPTIONS } from './options';
import { SERVE_OPTIONS } from './serve-options';
import { ownVariables, resolveSettings, variableOf } from './settings';

test('names of variables', () => {
  expect(['port', 'filesFrom', 'noProgress', 'null'].map(variableOf)).toEqual([
    'RESO_PORT',
    'RESO_FILES_FROM',
    'RESO_NO_PROGRESS',
    'RESO_NULL',
  ]);
});

test('defaults', () => {
  expect(resolveSettings(SERVE_OPTIONS, {}, {})).toMatchObject({
    folder: './images',
    host: '0.0.0.0',
    port: undefined,
    state: undefined,
    tlsCert: undefined,
    tokenFile: undefined,
    insecure: false,
    maxConnections: 16_384,
    maxConnectionsPerAddress: 0,
    grace: 10,
    logLevel: 'info',
    logFormat: undefined,
    interactive: false,
  });
  expect(resolveSettings(GET_OPTIONS, {}, {})).toMatchObject({
    output: '.',
    server: [],
    connections: 4,
    timeout: 30,
    retries: 5,
  });
});

test('an option beats its variable, which beats the default', () => {
  const env = { RESO_PORT: '6000', RESO_HOST: '::1', RESO_FOLDER: '/pictures' };
  expect(resolveSettings(SERVE_OPTIONS, { port: '7000', folder: 'here' }, env)).toMatchObject({
    port: 7000,
    host: '::1',
    folder: 'here',
  });
  expect(resolveSettings(SERVE_OPTIONS, {}, env)).toMatchObject({ port: 6000, folder: '/pictures' });
});

test('several servers: the option again and again, or a list with commas', () => {
  const server = [{ host: 'a' }, { host: 'b', port: 1 }];
  expect(resolveSettings(GET_OPTIONS, { server: ['a', 'b:1'] }, { RESO_SERVER: 'c' })).toMatchObject({
    server,
  });
  expect(resolveSettings(GET_OPTIONS, {}, { RESO_SERVER: 'a, b:1' })).toMatchObject({ server });
  expect(() => resolveSettings(GET_OPTIONS, {}, { RESO_SERVER: 'a,' })).toThrow('RESO_SERVER must be HOST');
});

test('a variable that is beaten need not make sense', () => {
  expect(resolveSettings(SERVE_OPTIONS, { port: '7000' }, { RESO_PORT: 'abc' }).port).toBe(7000);
});

test('an empty variable counts as not set, an empty option does not', () => {
  expect(resolveSettings(SERVE_OPTIONS, {}, { RESO_PORT: '', RESO_HOST: '' })).toMatchObject({
    port: undefined,
    host: '0.0.0.0',
  });
  expect(() => resolveSettings(SERVE_OPTIONS, { host: '' }, {})).toThrow('--host must not be empty.');
});

test.each([
  ['tcp://10.0.0.1:5005'], // a service of Kubernetes, or a link of Docker
  ['tcp://[fd00::5]:5005'],
  ['udp://10.0.0.1:53'],
  ['sctp://10.0.0.1:9'],
])('RESO_PORT=%s is none of ours, and said to be ignored', (address) => {
  const others = {
    RESO_SERVICE_HOST: '10.0.0.1',
    RESO_SERVICE_PORT: '5005',
    RESO_PORT_5005_TCP: address,
    RESO_PORT_5005_TCP_ADDR: '10.0.0.1',
  };
  const ignored: string[] = [];
  const env = ownVariables({ ...others, RESO_PORT: address, RESO_GRACE: '3' }, (one) => ignored.push(one));
  expect(resolveSettings(SERVE_OPTIONS, {}, env)).toMatchObject({ port: undefined, grace: 3 });
  expect(ignored).toEqual([expect.stringContaining(`RESO_PORT=${address}`)]);
});

test('a number, an empty or a mistyped variable is ours', () => {
  const env = { RESO_PORT: '6000', RESO_SERVER: 'tcp://host:1', PORT: 'tcp://10.0.0.1:80', HTTP_PORT: '' };
  expect(ownVariables(env, fail)).toEqual(env);
  const mistyped = ownVariables({ RESO_PORT: 'tcp:5005' }, fail);
  expect(() => resolveSettings(SERVE_OPTIONS, {}, mistyped)).toThrow('RESO_PORT must be a whole number');
});

function fail(message: string): never {
  throw new Error(message);
}

test('switches', () => {
  expect(resolveSettings(GET_OPTIONS, { overwrite: true }, { RESO_OVERWRITE: '0' }).overwrite).toBe(true);
  expect(resolveSettings(GET_OPTIONS, {}, { RESO_OVERWRITE: 'on', RESO_QUIET: 'no' })).toMatchObject({
    overwrite: true,
    quiet: false,
  });
});

test.each([
  [{ RESO_QUIET: 'maybe' }, 'RESO_QUIET must be 1, true, yes or on'],
  [{ RESO_CONNECTIONS: '65' }, "RESO_CONNECTIONS must be a whole number from 1 to 64, not '65'."],
  [{ RESO_TIMEOUT: '0' }, "RESO_TIMEOUT must be 1 to 86400 seconds, such as 30, 30s or 2m, not '0'."],
])('names the variable at fault: %j', (env, message) => {
  expect(() => resolveSettings(GET_OPTIONS, {}, env)).toThrow(message);
});

test('names the option at fault', () => {
  expect(() => resolveSettings(GET_OPTIONS, { retries: '1e3' }, {})).toThrow(
    "--retries must be a whole number from 0 to 1000, not '1e3'.",
  );
  expect(() => resolveSettings(SERVE_OPTIONS, { folder: '' }, {})).toThrow('FOLDER must not be empty.');
});
