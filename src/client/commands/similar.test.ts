import { globMatcher } from '../../names';
import type { Lister } from '../plan/select';
import { similarNames } from './similar';

const NFC = 'Größe.jpg'.normalize('NFC');
const NFD = 'Größe.jpg'.normalize('NFD');

let pages = 0;

/** A server that has these images, on pages of a thousand. */
function serverWith(names: readonly string[]): Lister {
  pages = 0;
  return {
    async *pages(globs) {
      const matches = globMatcher(globs!);
      const images = names
        .filter((name) => matches(name))
        .map((name) => ({ name, size: 1, mtime: 0, version: 'v' }));
      do {
        pages++;
        yield Promise.resolve({ generation: 'g', images: images.splice(0, 1000) });
      } while (images.length > 0);
    },
    stat: () => Promise.reject(new Error('not asked for')),
    hasAny: () => Promise.reject(new Error('not asked for')),
    hasFolder: () => Promise.reject(new Error('not asked for')),
  };
}

const similar = (missing: string, ...names: string[]) => similarNames(serverWith(names), missing);

test.each([
  ['another Unicode form', NFC, NFD],
  ['the other way round', NFD, NFC],
  ['another Unicode form, in a folder of another form', `Bögen/${NFC}`, `Bögen/${NFC}`.normalize('NFD')],
  ['another case', 'IMG.jpg', 'img.JPG'],
  ['another format', 'img.jpeg', 'img.jpg'],
  ['no extension', 'img', 'img.jpg'],
  ['no folder', 'img.jpg', 'a/b/img.jpg'],
  ['a folder too much', 'images/img.jpg', 'img.jpg'],
  ['a slash too much', '/img.jpg', 'img.jpg'],
  ['another folder', 'lanscapes/img.jpg', 'landscapes/img.jpg'],
  ['a letter too much', 'a/imgg.jpg', 'a/img.jpg'],
  ['two letters that changed places', 'a/acbd.jpg', 'a/abcd.jpg'],
  ['two errors', 'a/lanscpae.jpg', 'a/landscape.jpg'],
  ['zeros in front of a number', 'IMG_1.jpg', 'IMG_01.jpg'],
  ['what would be a glob', 'a/foto[1.jpg', 'a/foto[1].jpg'],
])('%s', async (_, missing, there) => {
  expect(await similar(missing, 'other.png', there, 'z/else.gif')).toEqual([there]);
});

test.each([
  ['another number', 'IMG_0001.jpg', 'IMG_0002.jpg'],
  ['a short name', 'a.jpg', 'b.jpg'],
  ['three errors', 'landscape.jpg', 'lndscp.jpg'],
  ['an error, and another folder', 'a/imgg.jpg', 'b/img.jpg'],
])('%s is not meant', async (_, missing, there) => {
  expect(await similar(missing, there)).toEqual([]);
});

test('what is nearest is meant', async () => {
  const names = ['IMG.JPG', 'a/img.jpg', 'img.jpeg', 'imgs.jpg'];
  expect(await similar('img.jpg', ...names)).toEqual(['IMG.JPG']);
  expect(await similar('img.jpg', ...names.slice(1))).toEqual(['img.jpeg']);
  expect(await similar('img.jpg', ...names.slice(3))).toEqual(['imgs.jpg']);
});

test('at most three names are given, those of the nearest folders', async () => {
  const names = ['far/away/img.jpg', 'cat/img.jpg', 'cars/img.jpg', 'cart/img.jpg'];
  expect(await similar('car/img.jpg', ...names)).toEqual([names[1], names[2], names[3]]);
});

test('of very many names some are looked at', async () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `${i}/img.png`);
  expect(await similarNames(serverWith(names), 'x/img.jpg')).toHaveLength(3);
  expect(pages).toBe(2);
});

test.each(['', '/', 'a/', 'x'.repeat(2000)])('no name at all is like %j', async (missing) => {
  expect(await similar(missing, 'a/img.jpg')).toEqual([]);
});
