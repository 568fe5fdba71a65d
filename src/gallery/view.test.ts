import { gridKeyOf, gridQuery, urlOf, viewAt, type View } from './view';

const root: View = {
  path: '',
  search: '',
  order: 'name',
  isDescending: false,
  isDeep: false,
  image: undefined,
};

test.each<[Partial<View>, string]>([
  [{}, '/'],
  [{ path: 'a b/c%d' }, '/browse/a%20b/c%25d/'],
  [{ path: 'ü/?#' }, '/browse/%C3%BC/%3F%23/'],
  [{ search: 'a&b +c' }, '/?q=a%26b+%2Bc'],
  [{ order: 'date', isDescending: true, isDeep: true }, '/?sort=date&desc=1&deep=1'],
  [{ path: 'a', image: 'a/b?.jpg' }, '/browse/a/?image=a%2Fb%3F.jpg'],
])('%j has the URL %s, which leads back to it', (part, url) => {
  const view = { ...root, ...part };
  for (const base of ['', '/photos']) {
    expect(urlOf(view, base)).toBe(base + url);
    expect(viewAt(new URL(base + url, 'http://localhost'), base)).toEqual(view);
  }
});

test.each(['/?sort=color&desc=yes', '/browse/', '/browse', '/browse/%zz/'])('%s shows something', (url) => {
  expect(viewAt(new URL(url, 'http://localhost'), '')).toMatchObject({ order: 'name', isDescending: false });
});

test('the image that is looked at changes nothing about the grid', () => {
  expect(gridKeyOf({ ...root, image: 'a.jpg' })).toBe(gridKeyOf(root));
  expect(gridKeyOf({ ...root, search: 'a' })).not.toBe(gridKeyOf(root));
});

test('a search looks into all folders below', () => {
  expect(gridQuery({ ...root, path: 'a', search: 'b' }).toString()).toBe('path=a&sort=name&q=b&deep=1');
});
