import { encode, type WatchRequest } from '../../protocol';
import type { Exchange } from '../exchange/exchange';
import { sayWorking } from '../exchange/working';

/** Waits until the client may read something else than the generation it knows, and says only that. */
export function watch(exchange: Exchange, { unless }: WatchRequest): Promise<Buffer> {
  const { context, outlet, request } = exchange;
  const { catalog, timeouts } = context;
  return sayWorking(context, outlet, request, async () => {
    const signal = request.signal();
    for (;;) {
      // Its token may be removed, or may come to read other images, while nothing else changes.
      const grant = exchange.admit();
      const patience = timeouts.working;
      const generation = await catalog.nextGeneration({ ...grant, unless, signal, patience });
      if (generation === unless) continue;
      exchange.admit();
      return encode.generation(request.id, { generation });
    }
  });
}
