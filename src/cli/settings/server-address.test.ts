import { parseServer } from './server-address';

test.each([
  ['localhost', { host: 'localhost' }],
  ['127.0.0.1', { host: '127.0.0.1' }],
  ['server:6000', { host: 'server', port: 6000 }],
  ['reso://server', { host: 'server' }],
  ['reso://server/', { host: 'server' }],
  ['RESO://server:1', { host: 'server', port: 1 }],
  ['[::1]:5005', { host: '::1', port: 5005 }],
  ['[::1]', { host: '::1' }],
  ['::1', { host: '::1' }],
  ['2001:db8::1:5005', { host: '2001:db8::1:5005' }],
  ['fe80::1%eth0', { host: 'fe80::1%eth0' }],
  ['reso://[::1]:5005', { host: '::1', port: 5005 }],
  ['my_server.example', { host: 'my_server.example' }],
  ['bücher.example:65535', { host: 'bücher.example', port: 65_535 }],
])('%s', (text, address) => expect(parseServer(text)).toEqual(address));

test.each([
  '',
  ':5005',
  'a b',
  'a/b',
  '127.0.0.1:5005/',
  'reso://127.0.0.1:5005/landscapes',
  'reso://a/b',
  'user@host',
  'reso://',
  '[::1',
  '[host]:1',
  '[::1]5005',
  '-host',
  'a\nb',
  'x'.repeat(256),
])('refuses %j', (text) => expect(() => parseServer(text)).toThrow('must be HOST'));

test.each(['h:', 'h:0', 'h:65536', 'h:12abc', '[::1]:', 'h:1:2'])('refuses the port of %s', (text) =>
  expect(() => parseServer(text)).toThrow('has a port that must be'),
);

test('TLS is asked for by resos://, and the scheme by its name', () => {
  expect(parseServer('resos://host:7000')).toEqual({ host: 'host', port: 7000, tls: true });
  expect(parseServer('RESOS://[::1]/')).toEqual({ host: '::1', tls: true });
  expect(parseServer('reso://host')).toEqual({ host: 'host' });
  expect(() => parseServer('http://host')).toThrow('must begin with reso://');
});
