import { encode, MAX_PAGE, pageCheck, parseJson, parseList } from '../../protocol';
import type { Exchange } from '../exchange/exchange';
import { sayWorking } from '../exchange/working';

/** Characters of the globs that the log shows. */
const MAX_SHOWN = 256;

/** `asked` is the payload of the request. */
export function list({ context, outlet, request }: Exchange, asked: Buffer): Promise<Buffer> {
  return sayWorking(context, outlet, request, async () => {
    const { globs, after, unless, limit = MAX_PAGE } = parseList(parseJson(asked));
    request.subject = globs && shown(globs.join(' '));
    const { view, mayRead } = request.grant;
    const page = await context.catalog.list({
      ...{ globs, after, unless, view, mayRead },
      limit: Math.min(limit, context.maxPage),
      signal: request.signal(),
    });
    return encode.page(request.id, { ...page, check: pageCheck(asked, page) });
  });
}

function shown(globs: string): string {
  return globs.length > MAX_SHOWN ? `${globs.slice(0, MAX_SHOWN)}…` : globs;
}
