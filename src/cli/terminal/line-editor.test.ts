import { PassThrough } from 'node:stream';
import { Screen } from '../fixtures/screen';
import { LineEditor } from './line-editor';

const UP = '\x1b[A';
const LEFT = '\x1b[D';

function editing() {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  const screen = new Screen();
  output.on('data', (bytes: Buffer) => screen.write(bytes.toString()));
  const controller = new AbortController();
  const editor = new LineEditor(input as unknown as NodeJS.ReadStream, output, controller.signal);
  const answer = async (prompt: string, ...keys: string[]) => {
    const answered = editor.answer(prompt);
    for (const key of keys) {
      input.write(key);
      await new Promise(setImmediate);
    }
    return answered;
  };
  return { input, screen, controller, editor, answer };
}

test('an answer can be edited', async () => {
  const { answer, screen } = editing();
  expect(await answer('name --> ', 'im.jpx', '\x7f', LEFT, LEFT, LEFT, 'g', '\x05', 'g', '\r')).toBe(
    'img.jpg',
  );
  expect(screen.lines[0]).toBe('name --> img.jpg');
});

test('arrow keys bring back earlier answers to the same question', async () => {
  const { answer } = editing();
  await answer('port --> ', '5005\r');
  await answer('name --> ', 'a.jpg\r');
  await answer('name --> ', 'b.jpg\r');
  expect(await answer('name --> ', UP, UP, '\r')).toBe('a.jpg');
  expect(await answer('port --> ', UP, '\r')).toBe('5005');
});

test('what is pasted answers one question after the other', async () => {
  const { answer, screen } = editing();
  expect(await answer('name --> ', 'a.jpg\nb.jpg\nc.')).toBe('a.jpg');
  expect(await answer('name --> ', '')).toBe('b.jpg');
  expect(await answer('name --> ', 'jpg\n')).toBe('c.jpg');
  expect(screen.lines).toContain('name --> c.jpg');
});

test('Ctrl-D ends it, also together with an answer', async () => {
  const { answer } = editing();
  expect(await answer('name --> ', 'a.jpg\r\x04')).toBe('a.jpg');
  expect(await answer('name --> ', '')).toBeUndefined();
});

test('an interruption ends the question', async () => {
  const { answer, controller } = editing();
  const answered = answer('name --> ', 'a');
  controller.abort();
  expect(await answered).toBeUndefined();
  expect(await answer('name --> ', 'a\r')).toBeUndefined();
});

test('Tab completes the whole answer', async () => {
  const { editor, input, screen } = editing();
  const asked: string[] = [];
  const answered = editor.answer('name --> ', async (beginning) => {
    asked.push(beginning);
    return ['blue hour.jpg'];
  });
  input.write('blue h\t');
  while (screen.line !== 'name --> blue hour.jpg') await new Promise(setImmediate);
  input.write('\r');
  expect(await answered).toBe('blue hour.jpg');
  expect(asked).toEqual(['blue h']);
});
