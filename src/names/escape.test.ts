import { escapeForDisplay } from './escape';

test.each([
  ['img.jpg', 'img.jpg'],
  ['Zürich – 山.webp', 'Zürich – 山.webp'],
  ['a\nb', 'a\\nb'],
  ['a\\nb', 'a\\\\nb'],
  ['\u001b[2Jx', '\\u{1b}[2Jx'],
  ['\u202egpj.exe', '\\u{202e}gpj.exe'],
  ['\u2028', '\\u{2028}'],
  ['\ufeffa', '\\u{feff}a'],
])('%j is shown as %s', (text, shown) => expect(escapeForDisplay(text)).toBe(shown));
