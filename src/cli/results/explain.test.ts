import { ConnectionError, LocalError, RemoteError, UsageError } from '../../errors';
import { exitCodeOf, explain, explainOnWhat } from './explain';

test('a missing image is said in the words of the contract', () => {
  expect(explain(new RemoteError('NOT_FOUND', 'whatever'))).toBe("File doesn't exist on server.");
});

test('what happened, and what to do', () => {
  const error = new ConnectionError('UNREACHABLE', "Can't reach h:1: connection refused.");
  expect(explain(error)).toBe(
    "Can't reach h:1: connection refused. Check that the server is running and that the address and port are correct.",
  );
  expect(exitCodeOf(error)).toBe(4);
});

test.each([
  ['EADDRINUSE', 'Choose another port; 0 picks a free one.'],
  ['EACCES', 'Choose another port; 0 picks a free one.'],
  ['EADDRNOTAVAIL', 'Choose an address of this machine with --host.'],
  ['ENOTFOUND', 'Choose an address of this machine with --host.'],
])('what to do if a server cannot listen: %s', (code, advice) => {
  const cause = Object.assign(new Error('no'), { code, errno: -1, syscall: 'listen' });
  expect(explain(new LocalError('PORT', "Can't listen on h:1: no.", { cause }))).toBe(
    `Can't listen on h:1: no. ${advice}`,
  );
});

test('the image that it failed on comes first', () => {
  const error = new RemoteError('UNREADABLE', "It can't be read.", { image: 'a/b.jpg' });
  expect(explainOnWhat(error)).toMatch(/^a\/b\.jpg: It can't be read\./);
  expect(explainOnWhat(new UsageError('no'))).toBe('no.');
});

test('a message becomes a sentence', () => {
  expect(explain(new UsageError("unknown option '--x'"))).toBe("unknown option '--x'.");
});

test('what nobody expected', () => {
  expect(explain(new TypeError('x is undefined'))).toBe(
    'unexpected error: x is undefined. Please report this.',
  );
  expect(exitCodeOf(new TypeError('x'))).toBe(1);
});

test('a folder that is gone, and with it what relative paths stand for', () => {
  const error = Object.assign(new Error('ENOENT: no such file or directory'), { syscall: 'uv_cwd' });
  expect(explain(error)).toBe('The current folder no longer exists. Change to another one.');
  expect(exitCodeOf(error)).toBe(7);
});
