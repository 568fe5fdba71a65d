import type { Catalog, CatalogEntry } from '../../catalog';
import {
  encode,
  MAX_PAGE,
  pageCheck,
  parseJson,
  parseList,
  type DigestsRequest,
  type ImageEntry,
  type StatRequest,
} from '../../protocol';
import type { Exchange } from '../exchange/exchange';
import { sayWorking } from '../exchange/working';

export function stat({ context, outlet, request }: Exchange, { name }: StatRequest): Promise<Buffer> {
  return sayWorking(context, outlet, request, async () =>
    encode.image(request.id, await context.catalog.stat(name)),
  );
}

/** Most characters of globs in a log line. */
const MAX_SHOWN = 256;
/** Milliseconds that a page waits for what is not known of its images. */
const FACTS_PATIENCE = 20_000;

/** `asked` is the payload of the request. */
export function list({ context, outlet, request }: Exchange, asked: Buffer): Promise<Buffer> {
  return sayWorking(context, outlet, request, async () => {
    const { globs, after, unless, facts, limit = MAX_PAGE } = parseList(parseJson(asked));
    request.subject = globs && shown(globs.join(' '));
    const { view, mayRead, mayEnter } = request.grant;
    const page = await context.catalog.list({
      ...{ globs, after, unless, facts, view, mayRead, mayEnter },
      limit: Math.min(limit, context.maxPage),
      signal: request.signal(),
    });
    const images = facts ? await withFacts(context.catalog, page.images) : page.images;
    return encode.page(request.id, { ...page, images, check: pageCheck(asked, page) });
  });
}

/** What is not known is found out, for a while. */
async function withFacts(catalog: Catalog, images: readonly CatalogEntry[]): Promise<readonly ImageEntry[]> {
  const facts = await catalog.facts(images, FACTS_PATIENCE);
  return images.map((image, i) => (facts[i] ? { ...image, facts: facts[i] } : image));
}

function shown(globs: string): string {
  return globs.length > MAX_SHOWN ? `${globs.slice(0, MAX_SHOWN)}…` : globs;
}

export async function digests(
  { context, outlet, request }: Exchange,
  message: DigestsRequest,
): Promise<Buffer> {
  const { name, version, first = 0, count = 0 } = message;
  const { blockSize, catalog } = context;
  const mayBeClaimed = true as const;
  const query = { name, version, blockSize, first, count, mayBeClaimed, signal: request.signal() };
  const found = await sayWorking(context, outlet, request, (onProgress) =>
    catalog.digests({ ...query, onProgress }),
  );
  const { size, mtime, sha256, blocks } = found;
  const state = { size, mtime, version: found.version, sha256 };
  return encode.proof(request.id, { name, ...state, blockSize, first, blocks });
}
