import { splitLine } from './words';

const BREAKS = ' \t\n"\'@><=;|&(:';

test.each([
  ['reso ', ['reso'], ''],
  ['reso get im', ['reso', 'get'], 'im'],
  ["reso  get 'my ca", ['reso', 'get'], 'my ca'],
  ['reso get "my ca', ['reso', 'get'], 'my ca'],
  ['reso get my\\ ca', ['reso', 'get'], 'my ca'],
  ['reso \'a b\'c"d e" x', ['reso', 'a bcd e'], 'x'],
  ['reso "a\\"b\\c" ', ['reso', 'a"b\\c'], ''],
  ["reso 'a\\b' ", ['reso', 'a\\b'], ''],
  ["reso '' x", ['reso', ''], 'x'],
  ["reso ''", ['reso'], ''],
  ['reso a\\', ['reso'], 'a'],
])('%s', (text, words, current) => expect(splitLine(text)).toMatchObject({ words, current }));

test.each([
  ['reso get -s host:50', 'host:'],
  ['reso --output=x:y/', '--output=x:'],
  ['reso get a\\:b', ''],
  ["reso get 'a:b", ''],
  ['reso get a:b c', ''],
])('bash keeps of %s %j', (text, kept) => expect(splitLine(text, BREAKS).kept).toBe(kept));
