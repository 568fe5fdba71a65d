import { badRequest } from '../refusals';
import { send, sendJson } from '../reply';
import { HttpError } from '../http-error';
import { folderIn } from '../request-path';
import type { GridQuery, Order } from '../grid/grid-index';
import type { AdmittedVisit } from '../visit';
import { described } from './described';

const MAX_WINDOW = 500;
const MAX_SEARCH = 256;
/** Milliseconds that a window waits for what is not known of its images. */
const PATIENCE = 1500;
const ORDERS: readonly Order[] = ['name', 'date', 'size'];

/**
 * `/api/grid?path=&deep=1&q=&sort=name|date|size&desc=1`: how wide all images of a view are, in its order, as unsigned
 * little-endian numbers of 16 bits: width by height times 1,024, or 0. The generation is in the ETag.
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

/** `/api/window?…&generation=G&from=N&count=N`: what is known of some images of a view. 409: there is a newer one. */
export async function sendWindow(visit: AdmittedVisit): Promise<void> {
  const { context, grant, target } = visit;
  const { query } = target;
  const index = await context.grids.of(query.get('generation') ?? '', queryOf(visit), grant);
  if (!index) throw new HttpError(409, 'CHANGED', 'The images have changed since.');
  const from = numberIn(query, 'from', 0);
  const count = Math.min(MAX_WINDOW, numberIn(query, 'count', MAX_WINDOW));
  const names = index.names.slice(from, from + count);
  sendJson(visit, { from, total: index.names.length, images: await described(visit, names, PATIENCE) });
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
  };
}

function numberIn(query: URLSearchParams, key: string, otherwise: number): number {
  const text = query.get(key);
  if (text === null) return otherwise;
  if (!/^[0-9]{1,9}$/.test(text)) throw badRequest(`${key} must be a whole number.`);
  return Number(text);
}
