import { RemoteError } from '../../errors';
import { explain } from './explain';
import { suggest, Suggestions } from './suggestions';

const missing = new RemoteError('NOT_FOUND', 'None.');
const SENTENCE = "File doesn't exist on server.";

const said = async (name: string, ...similar: string[]) =>
  explain(await suggest({ similar: () => Promise.resolve(similar) }, name, missing));

test('the sentence of the contract comes first', async () => {
  expect(await said('img.jpeg')).toBe(SENTENCE);
  expect(await said('img.jpeg', 'img.jpg')).toBe(`${SENTENCE} Did you mean img.jpg?`);
  expect(await said('img.jpg', 'a/img.jpg', 'b/img.jpg', 'c/img.jpg')).toBe(
    `${SENTENCE} Did you mean a/img.jpg, b/img.jpg or c/img.jpg?`,
  );
});

test('of a name in another Unicode form it says why it looks the same', async () => {
  const [nfc, nfd] = (['NFC', 'NFD'] as const).map((form) => 'é.jpg'.normalize(form));
  expect(await said(nfc!, nfd!)).toMatch(/\? It looks the same, but uses a different Unicode form \(NFD\)/);
  expect(await said(nfd!, nfc!)).toMatch(/\(NFC\)/);
  expect(await said(nfc!, nfd!.toUpperCase())).toMatch(/\?$/);
});

test('a glob is not asked for, and that asking fails is not said', async () => {
  const similar = jest.fn(() => Promise.reject(new Error('no connection')));
  expect(await suggest({ similar }, '*.jpg', missing)).toBe(missing);
  expect(similar).not.toHaveBeenCalled();
  expect(await suggest({ similar }, 'a.jpg', missing)).toBe(missing);
});

test('of a glob that was given as an argument, it says what * does not do; of an address, how to give it', async () => {
  const client = { similar: () => Promise.resolve([]) };
  const saying = async (name: string) => explain(await suggest(client, name, missing, [name]));
  expect(await saying('*.jpg')).toBe(`${SENTENCE} A * stops at each /; a ** also looks into folders.`);
  expect(await saying('**/*.jpg')).toBe(SENTENCE);
  expect(await saying('127.0.0.1:5005')).toBe(`${SENTENCE} To name the server, use -s 127.0.0.1:5005.`);
});

test('a server that takes its time is not waited for', async () => {
  jest.useFakeTimers();
  try {
    const result = suggest({ similar: () => new Promise(() => undefined) }, 'a.jpg', missing);
    jest.advanceTimersByTime(1000);
    expect(await result).toBe(missing);
  } finally {
    jest.useRealTimers();
  }
});

test('the first missing names only are asked for, and the other results come at once', async () => {
  const told: string[] = [];
  const similar = jest.fn((name: string) => Promise.resolve([`x/${name}`]));
  const tell = ({ name }: { name: string; error?: RemoteError }) => told.push(name);
  const suggestions = new Suggestions({ similar }, tell);
  suggestions.add({ name: '0', error: missing });
  suggestions.add({ name: 'fine' });
  expect(told).toEqual(['fine']);
  for (let i = 1; i < 500; i++) suggestions.add({ name: String(i), error: missing });
  await suggestions.settled();
  expect(told.sort()).toEqual(['fine', ...Array.from({ length: 500 }, (_, i) => String(i))].sort());
  expect(similar).toHaveBeenCalledTimes(3);
});
