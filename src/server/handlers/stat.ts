import { encode, type StatRequest } from '../../protocol';
import type { Exchange } from '../exchange';

export async function stat({ context, request }: Exchange, { name }: StatRequest): Promise<Buffer> {
  return encode.image(request.id, await context.catalog.stat(name));
}
