import { folderPage } from '../pages/folder-page';
import { notFound } from '../refusals';
import { send, sendPage, wantsPage } from '../reply';
import { pathOf } from '../request-path';
import type { AdmittedVisit } from '../visit';

const PAGE = 200;

export function browseRoot(visit: AdmittedVisit): Promise<void> {
  return showFolder(visit, '');
}

/** Shows the folder whose path follows `/browse/` and ends in a slash. */
export function browse(visit: AdmittedVisit): Promise<void> | void {
  const { context, name } = visit;
  const path = name.replace(/\/$/, '');
  if (path === name && name !== '')
    return send(visit, 308, { Location: `${context.basePath}/browse/${pathOf(path)}/` });
  return showFolder(visit, path);
}

async function showFolder(visit: AdmittedVisit, path: string): Promise<void> {
  const { context, grant, target, departure } = visit;
  const { signal } = departure;
  const after = target.query.get('after') ?? undefined;
  const { mayRead, mayEnter } = grant;
  const page = await context.catalog.folder({ path, after, limit: PAGE, mayRead, mayEnter, signal });
  const isEmpty = page.folders.length === 0 && page.images.length === 0 && page.next === undefined;
  // A folder without readable images is treated as missing.
  const isMissing = isEmpty && path !== '' && after === undefined;
  if (isMissing && !wantsPage(visit)) throw notFound();
  const hasThumbnails = (await context.renderer) !== undefined;
  // Only those that are known: this page also begins the gallery, which must not wait.
  const facts = hasThumbnails ? await context.catalog.facts(page.images, 0) : [];
  sendPage(visit, isMissing ? 404 : 200, folderPage(visit, { ...page, path, facts }, hasThumbnails));
}
