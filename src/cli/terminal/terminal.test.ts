import { captured } from '../fixtures/captured';
import { Output } from './output';
import { abilitiesOf } from './terminal';

const CLEAR = '\r\x1b[2K';

test('the status stays below what is printed and said, in one write', async () => {
  const { terminal, out, err, writes } = captured({ isTerminal: true });
  terminal.showStatus('50%');
  await terminal.print('a done\n');
  terminal.say('b\u202ec');
  await terminal.print('d done\n');
  await terminal.flush();
  expect(out()).toBe('');
  expect(err()).toBe(`\r50%\x1b[K\r${CLEAR}a done\nb\\u{202e}c\nd done\n50%\x1b[K\r`);
  expect(writes()).toBe(2);
});

test('lines do not wait for the next status', async () => {
  const { terminal, err } = captured({ isTerminal: true });
  terminal.showStatus('50%');
  await terminal.print('done\n');
  while (!err().includes('done')) await new Promise(setImmediate);
  expect(err().endsWith('done\n50%\x1b[K\r')).toBe(true);
});

test('what goes to a file or another terminal leaves the status alone', async () => {
  const { terminal, out, err } = captured({ isTerminal: true, stdoutIsTerminal: false });
  terminal.showStatus('50%');
  await terminal.print('done\n');
  expect([out(), err()]).toEqual(['done\n', '\r50%\x1b[K\r']);
});

test('what was printed last is there when the status goes', async () => {
  const { terminal, err } = captured({ isTerminal: true });
  terminal.showStatus('50%');
  await terminal.print('done\n');
  terminal.clearStatus();
  terminal.say('All is done.');
  expect(err()).toBe(`\r50%\x1b[K\r${CLEAR}done\nAll is done.\n`);
});

test('a terminal that was made narrower is cleared below the cursor, where it may have wrapped the status', () => {
  const { terminal, err } = captured({ isTerminal: true });
  terminal.showStatusAnew('50%');
  expect(err()).toBe('\r\x1b[J\r50%\x1b[K\r');
});

test('failures are red where there is color', () => {
  const colored = captured({ isTerminal: true, hasColor: true });
  const plain = captured({ isTerminal: true });
  for (const { terminal } of [colored, plain]) terminal.fail('a.jpg: no\x1b');
  expect(colored.err()).toBe('\x1b[31ma.jpg: no\\u{1b}\x1b[39m\n');
  expect(plain.err()).toBe('a.jpg: no\\u{1b}\n');
});

test.each([
  [true, { TERM: 'xterm' }, { canRedraw: true, hasColor: true }],
  [true, { TERM: 'xterm', NO_COLOR: '' }, { canRedraw: true, hasColor: true }],
  [true, { TERM: 'xterm', NO_COLOR: '1' }, { canRedraw: true, hasColor: false }],
  [true, { TERM: 'dumb' }, { canRedraw: false, hasColor: false }],
  [false, { TERM: 'xterm' }, { canRedraw: false, hasColor: false }],
])('terminal: %s, %j', (isTerminal, env, abilities) => {
  const stdout = new Output('stdout', () => ({ write: () => undefined }), false);
  const stderr = new Output('stderr', () => ({ write: () => undefined }), isTerminal);
  expect(abilitiesOf(stdout, stderr, env)).toMatchObject(abilities);
});
