import { encode, MAX_PAGE, pageCheck, type ListRequest } from '../../protocol';
import type { Exchange } from '../exchange';
import { sayWorking } from '../working';

/** `asked` is the payload that `message` came as. */
export async function list(
  { context, outlet, request }: Exchange,
  message: ListRequest,
  asked: Buffer,
): Promise<Buffer> {
  const { globs, after, unless } = message;
  const limit = Math.min(message.limit ?? MAX_PAGE, context.maxPage);
  const { view, mayRead } = request.grant;
  const query = { globs, after, limit, unless, view, mayRead, signal: request.signal() };
  const page = await sayWorking(context, outlet, request, () => context.catalog.list(query));
  return encode.page(request.id, { ...page, check: pageCheck(asked, page) });
}
