import { encode, MAX_PAGE, type ListRequest } from '../../protocol';
import type { Exchange } from '../exchange';
import { sayWorking } from '../working';

export async function list({ context, outlet, request }: Exchange, message: ListRequest): Promise<Buffer> {
  const { globs, after, limit = MAX_PAGE } = message;
  const query = { globs, after, limit, signal: request.signal() };
  const page = await sayWorking(context, outlet, request, () => context.catalog.list(query));
  return encode.page(request.id, page);
}
