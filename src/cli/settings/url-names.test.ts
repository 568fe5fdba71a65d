import { separateServer } from './url-names';

const host = { host: 'host' };
const hosts = [host];

test('names that are no URL say nothing of a server', () => {
  expect(separateServer(['a.jpg', 'a:b', 'http:/x'], hosts)).toEqual({ names: ['a.jpg', 'a:b', 'http:/x'] });
});

test.each([
  ['reso://host/img.jpg', 'img.jpg', host],
  ['resos://host:7000/a/b.jpg', 'a/b.jpg', { host: 'host', port: 7000, tls: true }],
  ['RESO://[::1]:1/a%20b%25%3F%23.jpg', 'a b%?#.jpg', { host: '::1', port: 1 }],
  ['reso://host/%E5%B1%B1.jpg', '山.jpg', host],
  ['reso://host/山.jpg', '山.jpg', host],
  ['reso://host/cats/*.jpg', 'cats/*.jpg', host],
  ['reso://host/cats/', 'cats/', host],
])('%s is %s', (url, name, server) =>
  expect(separateServer([url], [])).toEqual({ names: [name], servers: [server] }),
);

test.each(['reso://host', 'reso://host/'])('%s alone is all of a server', (url) =>
  expect(separateServer([url], [])).toEqual({ names: [], servers: hosts }),
);

test('several, of one server that may be spelled differently', () => {
  const names = ['reso://host/a.jpg', 'reso://HOST:5005/b.jpg', 'c.jpg'];
  const servers = [{ host: 'host', port: 5005 }];
  expect(separateServer(names, servers)).toEqual({ names: ['a.jpg', 'b.jpg', 'c.jpg'], servers });
});

test('the server of a URL is one of several that hold the same images', () => {
  const servers = [{ host: 'one' }, { host: 'two' }];
  expect(separateServer(['reso://two/a', 'reso://one/b'], servers)).toEqual({ names: ['a', 'b'], servers });
  expect(() => separateServer(['reso://three/a'], servers)).toThrow('One run talks to one server');
});

test.each([
  [['reso://one/a', 'reso://two/a'], 'reso://one:5005 and reso://host:5005'],
  [['reso://host/a', 'resos://host/a'], 'One run talks to one server'],
  [['reso://other/a'], 'One run talks to one server'],
  [['reso://host/a', 'reso://host'], "'reso://host' names no image"],
  [['reso://host/a?b'], "write a '?' as %3F"],
  [['reso://host/a#b'], "a '#' as %23"],
  [['reso://host/100%.jpg'], "write a '%' as %25"],
  [['reso://host:0/a'], 'has a port that must be'],
  [['reso://me@host/a'], 'must be HOST'],
  [['rsync://host/a'], 'must begin with reso:// or resos://, not rsync://'],
])('%j is refused', (names, message) => expect(() => separateServer(names, hosts)).toThrow(message));
