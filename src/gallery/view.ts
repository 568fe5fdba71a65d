/** What is on the screen, as encoded in the URL. */
export interface View {
  /** The folder, without leading or trailing slash; empty for the top. */
  readonly path: string;
  readonly search: string;
  readonly order: Order;
  readonly isDescending: boolean;
  /** Include subfolders. */
  readonly isDeep: boolean;
  /** The image in the viewer. */
  readonly image: string | undefined;
}

export type Order = 'name' | 'date' | 'size';
export const ORDERS: Readonly<Record<Order, string>> = { name: 'Name', date: 'Date', size: 'Size' };

/** `base` is the server's base path: empty, or `/photos`. */
export function viewAt(url: URL, base: string): View {
  const own = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : url.pathname;
  const [, folder = ''] = /^\/browse\/(.*?)\/*$/.exec(own) ?? [];
  const { searchParams: query } = url;
  const order = query.get('sort');
  return {
    path: folder.split('/').map(decoded).join('/'),
    search: query.get('q') ?? '',
    order: order === 'date' || order === 'size' ? order : 'name',
    isDescending: query.get('desc') === '1',
    isDeep: query.get('deep') === '1',
    image: query.get('image') ?? undefined,
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function urlOf({ path, search, order, isDescending, isDeep, image }: View, base: string): string {
  const query = new URLSearchParams();
  if (search !== '') query.set('q', search);
  if (order !== 'name') query.set('sort', order);
  if (isDescending) query.set('desc', '1');
  if (isDeep) query.set('deep', '1');
  if (image !== undefined) query.set('image', image);
  const folder = path === '' ? '/' : `/browse/${encoded(path)}/`;
  return `${base}${folder}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

/** A name as a path of a URL. */
export function encoded(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/** Equal for views that show the same images in the same order. */
export function gridKeyOf(view: View): string {
  return urlOf({ ...view, image: undefined }, '');
}

/** A search includes all subfolders. */
export function gridQuery({ path, search, order, isDescending, isDeep }: View): URLSearchParams {
  const query = new URLSearchParams({ path, sort: order });
  if (search !== '') query.set('q', search);
  if (isDescending) query.set('desc', '1');
  if (isDeep || search !== '') query.set('deep', '1');
  return query;
}
