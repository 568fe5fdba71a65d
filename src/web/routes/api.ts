import { globFault } from '../../names';
import { badRequest, forbidden, notFound } from '../refusals';
import { sendJson } from '../reply';
import { folderIn } from '../request-path';
import type { AdmittedVisit } from '../visit';
import { sendChange } from './changes';
import { describedImages } from './described';
import { sendGrid, sendNames, sendPlaces, sendWindow } from './grid';

const MAX_PAGE = 500;
const MAX_GLOB = 1024;
/** Milliseconds that a page waits for facts that are not known yet. */
const PATIENCE = 2000;

const CALLS: Readonly<Record<string, (visit: AdmittedVisit) => Promise<void>>> = {
  images: listImages,
  folder: listFolder,
  folders: listFolders,
  image: sendOne,
  changes: sendChange,
  grid: sendGrid,
  window: sendWindow,
  names: sendNames,
  places: sendPlaces,
};

/** Answers for programs and the gallery, as JSON. */
export function callApi(visit: AdmittedVisit): Promise<void> {
  const call = Object.hasOwn(CALLS, visit.name) ? CALLS[visit.name] : undefined;
  if (!call) throw notFound();
  return call(visit);
}

/** `/api/images?after=NAME&limit=N&glob=GLOB`: a page of all images, in byte order of the names. */
async function listImages(visit: AdmittedVisit): Promise<void> {
  const { context, grant, target, departure } = visit;
  const { query } = target;
  const page = await context.catalog.list({
    globs: globsIn(query),
    after: query.get('after') ?? undefined,
    unless: query.get('unless') ?? undefined,
    limit: limitIn(query),
    view: grant.view,
    mayRead: grant.mayRead,
    mayEnter: grant.mayEnter,
    signal: departure.signal,
  });
  sendJson(visit, { ...page, images: await describedImages(visit, page.images, PATIENCE) });
}

/** `/api/folder?path=FOLDER&after=NAME&limit=N`: the folders and images directly in a folder. */
async function listFolder(visit: AdmittedVisit): Promise<void> {
  const { context, grant, target, departure } = visit;
  const { query } = target;
  const page = await context.catalog.folder({
    path: folderIn(query),
    after: query.get('after') ?? undefined,
    limit: limitIn(query),
    mayRead: grant.mayRead,
    mayEnter: grant.mayEnter,
    signal: departure.signal,
  });
  sendJson(visit, { ...page, images: await describedImages(visit, page.images, PATIENCE) });
}

/** `/api/folders?path=FOLDER`: the folders directly in a folder, each with a cover image. */
async function listFolders(visit: AdmittedVisit): Promise<void> {
  const { context, grant, target, departure } = visit;
  const folders = await context.grids.folders(folderIn(target.query), grant, departure.signal);
  const covers = await context.catalog.listed(folders.map(({ cover }) => cover));
  sendJson(visit, {
    folders: folders.map(({ name, cover }, i) => ({
      name,
      cover: { name: cover, sha256: covers[i]?.sha256 },
    })),
  });
}

/** `/api/image?name=NAME`: one image. */
async function sendOne(visit: AdmittedVisit): Promise<void> {
  const name = visit.target.query.get('name');
  if (name === null) throw badRequest('name is missing.');
  if (visit.grant.mayRead?.(name) === false) throw forbidden(name);
  const image = await visit.context.catalog.stat(name);
  const [described] = await describedImages(visit, [image], PATIENCE);
  sendJson(visit, described!);
}

function globsIn(query: URLSearchParams): readonly string[] | undefined {
  const globs = query.getAll('glob');
  for (const glob of globs) {
    const fault = glob.length > MAX_GLOB ? 'it is too long' : globFault(glob);
    if (fault !== undefined) throw badRequest(`'${glob.slice(0, MAX_GLOB)}' is not a glob: ${fault}.`);
  }
  return globs.length > 0 ? globs : undefined;
}

function limitIn(query: URLSearchParams): number {
  const text = query.get('limit') ?? String(MAX_PAGE);
  const limit = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw badRequest('limit must be a whole number, at least 1.');
  return Math.min(limit, MAX_PAGE);
}
