import { encode, type StatRequest } from '../../protocol';
import type { Exchange } from '../exchange/exchange';
import { sayWorking } from '../exchange/working';

export function stat({ context, outlet, request }: Exchange, { name }: StatRequest): Promise<Buffer> {
  return sayWorking(context, outlet, request, async () =>
    encode.image(request.id, await context.catalog.stat(name)),
  );
}
