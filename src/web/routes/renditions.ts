import type { Catalog, CatalogEntry } from '../../catalog';
import { ProtocolError } from '../../errors';
import type { OpenedSource, Recipe, Renderer, Rendition, RenderRequest, WaitOptions } from '../../rendering';
import { badRequest, changed } from '../refusals';
import { isAnsweredByConditions, send } from '../reply';
import { scopeOf, type AdmittedVisit } from '../visit';
import { digestOf, isPinned } from './images';

/** The supported widths: arbitrary ones would let anybody fill the cache. */
const WIDTHS = [160, 320, 640, 1280, 2560] as const;
const FORMATS = ['webp', 'jpeg'] as const;
const FOR_EVER = 'max-age=31536000, immutable';

/** Sends a rendition: `?w=320&f=webp`, and `&v=` with the beginning of the image's digest. */
export function sendRendition(visit: AdmittedVisit): Promise<void> {
  const { query } = visit.target;
  const recipe = { width: widthIn(query), format: formatIn(query) };
  return sendRendered(visit, `${recipe.width}-${recipe.format}`, (renderer, _, request, options) =>
    renderer.render(request, recipe, options),
  );
}

type Render = (
  renderer: Renderer,
  image: CatalogEntry,
  request: RenderRequest,
  options: WaitOptions,
) => Promise<Rendition>;

/** Sends what `render` makes of the image. `kind` distinguishes it from everything else that is made of the same image. */
export async function sendRendered(visit: AdmittedVisit, kind: string, render: Render): Promise<void> {
  const { context, name } = visit;
  const renderer = await context.renderer;
  if (!renderer) throw new ProtocolError('UNSUPPORTED', 'This server makes no renditions.', { image: name });
  const image = await context.catalog.stat(name);
  const work = () => makeOf(visit, renderer, image, kind, render);
  await context.renders.run(visit.visitor.address, work);
}

async function makeOf(
  visit: AdmittedVisit,
  renderer: Renderer,
  image: CatalogEntry,
  kind: string,
  render: Render,
): Promise<void> {
  const { catalog } = visit.context;
  const sha256 = image.sha256 ?? (await digestOf(visit, image, visit.departure.signal));
  // Weak: another machine may produce different bytes for the same image.
  const etag = `W/"${sha256.slice(0, 32)}-${kind}"`;
  const caching = cachingOf(visit, sha256);
  if (isAnsweredByConditions(visit, { etag }, { ETag: etag, 'Cache-Control': caching })) return;
  const open = () => openSource(renderer, catalog, image);
  const { bytes, type, thumbhash } = await render(renderer, image, { sha256, open }, visit.departure);
  if (thumbhash !== undefined) catalog.rememberThumbhash(image, thumbhash);
  send(visit, 200, { ETag: etag, 'Cache-Control': caching, 'Content-Type': type }, bytes);
}

async function openSource(
  renderer: Renderer,
  catalog: Catalog,
  { name, version }: CatalogEntry,
): Promise<OpenedSource> {
  const image = await catalog.open(name);
  if (image.version === version) return renderer.sourceOf(image);
  await image.close();
  throw changed(name);
}

function cachingOf(visit: AdmittedVisit, sha256: string): string {
  const isForEver = isPinned(visit.target.query.get('v'), sha256);
  return `${scopeOf(visit)}, ${isForEver ? FOR_EVER : 'no-cache'}`;
}

function widthIn(query: URLSearchParams): number {
  const text = query.get('w');
  const width = WIDTHS.find((one) => String(one) === text);
  if (width === undefined) throw badRequest(`w must be one of ${WIDTHS.join(', ')}.`);
  return width;
}

function formatIn(query: URLSearchParams): Recipe['format'] {
  const text = query.get('f') ?? 'webp';
  const format = FORMATS.find((one) => one === text);
  if (format === undefined) throw badRequest(`f must be one of ${FORMATS.join(', ')}.`);
  return format;
}
