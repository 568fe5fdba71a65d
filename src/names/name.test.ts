import { isName, nameFault } from './name';

describe('nameFault', () => {
  test.each([
    'img.jpg',
    'a/b/c.png',
    'blue hour.jpg',
    'Zürich – 山.webp',
    '-rf.jpg',
    'a..b.jpg',
    'x'.repeat(255),
    'back\\slash.jpg',
    '\u202egpj.exe',
    'line\nbreak.jpg',
  ])('lets %j through', (name) => expect(nameFault(name)).toBeUndefined());

  test.each([
    ['', 'empty'],
    ['..', '".."'],
    ['../a.jpg', '".."'],
    ['a/../b.jpg', '".."'],
    ['a/..', '".."'],
    ['./a.jpg', '"."'],
    ['/etc/passwd', 'absolute'],
    ['a//b.jpg', 'empty'],
    ['a/', 'empty'],
    ['.hidden.jpg', 'dot'],
    ['a/.reso/b.jpg', 'dot'],
    ['a\0.jpg', 'NUL'],
    ['\ud800.jpg', 'Unicode'],
    ['x'.repeat(256), '255'],
    ['ü'.repeat(128), '255'],
    ['a/'.repeat(512) + 'b', '1024'],
  ])('refuses %j', (name, why) => expect(nameFault(name)).toContain(why));

  test('says the same as isName', () => {
    expect(isName('a.jpg')).toBe(true);
    expect(isName('../a.jpg')).toBe(false);
  });
});
