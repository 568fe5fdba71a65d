import { captured } from '../fixtures/captured';

test('the status makes way for what is printed', async () => {
  const { terminal, out, err } = captured({ isTerminal: true });
  terminal.showStatus('50%');
  await terminal.print('done\n');
  terminal.say('a\u202eb');
  expect(out()).toBe('done\n');
  expect(err()).toBe('\r50%\x1b[K\r\x1b[2Ka\\u{202e}b\n');
});
