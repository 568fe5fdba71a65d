import { badRequest } from '../refusals';
import { send, sendJson } from '../reply';
import { HttpError } from '../http-error';
import { folderIn } from '../request-path';
import type { GridIndex, GridQuery, Order } from '../grid/grid-index';
import type { AdmittedVisit } from '../visit';
import { describedByName } from './described';

const MAX_WINDOW = 500;
const MAX_NAMES = 10_000;
const MAX_PLACES = 8;
const MAX_SEARCH = 256;
/** Milliseconds that a window waits for facts that are not known yet. */
const PATIENCE = 1500;
const ORDERS: readonly Order[] = ['name', 'date', 'size'];

/**
 * `/api/grid?path=&deep=1&q=&sort=name|date|size&desc=1`: the aspect ratios of all images of a view, in order, as unsigned
 * 16-bit little-endian numbers: width divided by height, times 1,024, or 0. Headers give the generation, and say whether
 * all ratios are known.
 */
export async function sendGrid(visit: AdmittedVisit): Promise<void> {
  const { context, grant } = visit;
  const { generation, ratios, isComplete } = await context.grids.fresh(queryOf(visit), grant);
  const bytes = Buffer.from(ratios.buffer, ratios.byteOffset, ratios.byteLength);
  send(
    visit,
    200,
    {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'no-store',
      'X-Reso-Generation': generation,
      'X-Reso-Complete': isComplete ? 'yes' : 'no',
    },
    bytes,
  );
}

/** `/api/window?…&generation=G&from=N&count=N`: some images of a view. 409: the view has changed. */
export async function sendWindow(visit: AdmittedVisit): Promise<void> {
  const { names } = await viewOf(visit);
  const { from, until } = partIn(visit, MAX_WINDOW);
  const images = await describedByName(visit, names.slice(from, until), PATIENCE);
  sendJson(visit, { from, total: names.length, images });
}

/** `/api/names?…&generation=G&from=N&count=N`: only the names, of many images at once. */
export async function sendNames(visit: AdmittedVisit): Promise<void> {
  const { names } = await viewOf(visit);
  const { from, until } = partIn(visit, MAX_NAMES);
  sendJson(visit, { from, total: names.length, names: names.slice(from, until) });
}

/** `/api/places?…&generation=G&name=NAME&name=NAME`: positions of images in a view; null for those not in it. */
export async function sendPlaces(visit: AdmittedVisit): Promise<void> {
  const wanted = visit.target.query.getAll('name');
  if (wanted.length > MAX_PLACES) throw badRequest(`name may be given at most ${MAX_PLACES} times.`);
  const { names } = await viewOf(visit);
  const places = wanted.map((name) => names.indexOf(name)).map((place) => (place < 0 ? null : place));
  sendJson(visit, { total: names.length, places });
}

/** The requested view. Throws 409 if it is no longer of this generation. */
async function viewOf(visit: AdmittedVisit): Promise<GridIndex> {
  const { context, grant, target } = visit;
  const index = await context.grids.of(target.query.get('generation') ?? '', queryOf(visit), grant);
  if (!index) throw new HttpError(409, 'CHANGED', 'The images have changed. Ask for /api/grid again.');
  return index;
}

function partIn({ target: { query } }: AdmittedVisit, most: number): { from: number; until: number } {
  const from = numberIn(query, 'from', 0);
  return { from, until: from + Math.min(most, numberIn(query, 'count', most)) };
}

function queryOf({ target: { query }, grant }: AdmittedVisit): GridQuery {
  const order = ORDERS.find((one) => one === (query.get('sort') ?? 'name'));
  const search = query.get('q') ?? '';
  if (order === undefined) throw badRequest(`sort must be one of ${ORDERS.join(', ')}.`);
  if (search.length > MAX_SEARCH) throw badRequest(`q must have at most ${MAX_SEARCH} characters.`);
  return {
    path: folderIn(query),
    isDeep: query.get('deep') === '1',
    search,
    order,
    isDescending: query.get('desc') === '1',
    mayRead: grant.mayRead,
    mayEnter: grant.mayEnter,
  };
}

function numberIn(query: URLSearchParams, key: string, otherwise: number): number {
  const text = query.get(key);
  if (text === null) return otherwise;
  if (!/^[0-9]{1,9}$/.test(text)) throw badRequest(`${key} must be a whole number.`);
  return Number(text);
}
