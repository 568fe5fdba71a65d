import type { CatalogEntry } from '../../catalog';
import { globFault } from '../../names';
import { badRequest, notFound } from '../refusals';
import { sendJson } from '../reply';
import type { AdmittedVisit } from '../visit';

const MAX_PAGE = 500;
const MAX_GLOB = 1024;

/** `/api/images?after=NAME&limit=N&glob=GLOB`: a page of what there is, in the order of names. */
export async function listImages(visit: AdmittedVisit): Promise<void> {
  const { context, grant, name, target, signal } = visit;
  if (name === 'folder') return listFolder(visit);
  if (name !== 'images') throw notFound();
  const { query } = target;
  const globs = query.getAll('glob');
  for (const glob of globs) {
    const fault = glob.length > MAX_GLOB ? 'it is too long' : globFault(glob);
    if (fault !== undefined) throw badRequest(`'${glob.slice(0, MAX_GLOB)}' is not a glob: ${fault}.`);
  }
  const page = await context.catalog.list({
    globs: globs.length > 0 ? globs : undefined,
    after: query.get('after') ?? undefined,
    unless: query.get('unless') ?? undefined,
    limit: limitIn(query),
    view: grant.view,
    mayRead: grant.mayRead,
    signal,
  });
  sendJson(visit, { ...page, images: page.images.map(described) });
}

/** `/api/folder?path=FOLDER&after=NAME&limit=N`: the folders and images that lie directly in a folder. */
async function listFolder({ context, grant, target, ...visit }: AdmittedVisit): Promise<void> {
  const { query } = target;
  const page = await context.catalog.folder({
    path: query.get('path') ?? '',
    after: query.get('after') ?? undefined,
    limit: limitIn(query),
    mayRead: grant.mayRead,
    signal: visit.signal,
  });
  sendJson({ context, target, ...visit }, { ...page, images: page.images.map(described) });
}

function described({ mtime, ...entry }: CatalogEntry): object {
  return { ...entry, modified: new Date(mtime / 1000).toISOString() };
}

function limitIn(query: URLSearchParams): number {
  const text = query.get('limit') ?? String(MAX_PAGE);
  const limit = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw badRequest('limit must be a whole number from 1 on.');
  return Math.min(limit, MAX_PAGE);
}
