import { encode, type DigestsRequest } from '../../protocol';
import type { Exchange } from '../exchange/exchange';
import { sayWorking } from '../exchange/working';

export async function digests(
  { context, outlet, request }: Exchange,
  message: DigestsRequest,
): Promise<Buffer> {
  const { name, version, first = 0, count = 0 } = message;
  const { blockSize, catalog } = context;
  const query = { name, version, blockSize, first, count, signal: request.signal() };
  const found = await sayWorking(context, outlet, request, (onProgress) =>
    catalog.digests({ ...query, onProgress }),
  );
  return encode.proof(request.id, { name, ...found, blockSize, first });
}
