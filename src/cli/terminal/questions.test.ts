import { PassThrough } from 'node:stream';
import { captured } from '../fixtures/captured';
import { integerFrom } from '../settings/parse';
import { LineQueue } from './line-queue';
import { Questions } from './questions';

function session({ isTTY = false } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const controller = new AbortController();
  const screen = captured({ isTerminal: isTTY });
  const lines = new LineQueue(
    input as unknown as NodeJS.ReadStream,
    controller.signal,
    screen.terminal.stdout,
  );
  return { input, controller, ...screen, questions: new Questions(lines, screen.terminal) };
}

const port = integerFrom(1, 65_535);

test('answers that came before their questions, without the spaces around them', async () => {
  const { input, out, questions } = session();
  input.end('127.0.0.1\r\n5005\n \tmy image.jpg \n\nlast');
  expect(await questions.ask('ip')).toBe('127.0.0.1');
  expect(await questions.askFor('port', port, 1)).toBe(5005);
  expect(await questions.ask('name')).toBe('my image.jpg');
  expect(await questions.ask('name')).toBe('');
  expect(await questions.ask('name')).toBe('last');
  expect(await questions.ask('name')).toBeUndefined();
  expect(out()).toBe('ip --> \nport --> \nname --> \nname --> \nname --> \nname --> \n');
});

test('answers in pieces, after their questions', async () => {
  const { input, questions } = session();
  const answer = questions.ask('name');
  for (const byte of Buffer.from('ü画.jpg\n')) input.write(Buffer.from([byte]));
  expect(await answer).toBe('ü画.jpg');
});

test('an empty answer takes the default', async () => {
  const { input, questions } = session();
  input.end('\n  \n');
  expect(await questions.askFor('port', port, 5005)).toBe(5005);
  expect(await questions.askFor('port', port, 5005)).toBe(5005);
  expect(await questions.askFor('port', port, 5005)).toBeUndefined();
});

test('a person is asked again', async () => {
  const { input, out, err, questions } = session({ isTTY: true });
  input.write('12abc\n');
  input.write('80\n');
  expect(await questions.askFor('port', port, 5005)).toBe(80);
  expect(out()).toBe('port --> port --> ');
  expect(err()).toBe("The answer must be a whole number from 1 to 65535, not '12abc'.\n");
});

test('a program is not', async () => {
  const { input, questions } = session();
  input.end('12abc\n80\n');
  await expect(questions.askFor('port', port, 5005)).rejects.toMatchObject({ code: 'USAGE' });
});

test('an interruption ends the question', async () => {
  const { controller, questions } = session({ isTTY: true });
  const answer = questions.ask('name');
  controller.abort();
  expect(await answer).toBeUndefined();
});
