import type { Socket } from 'node:net';
import type { Faults } from './faults';
import { withFaults, type Waits } from './stages';

/** One direction of a connection. */
export interface Direction {
  readonly source: Socket;
  readonly sink: Socket;
  readonly faults: Faults;
  /** Called with the number of bytes carried each time. */
  readonly count: (bytes: number) => void;
}

/**
 * Carries bytes until their end, and the end too. Holds one chunk at a time, and reads the next when the system has taken
 * it. Rejects at a cut, and when either side fails.
 */
export async function carry({ source, sink, faults, count }: Direction, waits: Waits): Promise<void> {
  // If the iterator destroyed the socket, that would be a normal close, and it could no longer be reset.
  const bytes: AsyncIterable<Buffer> = source.iterator({ destroyOnReturn: false });
  for await (const chunk of withFaults(bytes, faults, waits)) {
    await waits.standstill.pass(waits.signal);
    await taken(sink, chunk);
    count(chunk.length);
  }
  await waits.standstill.pass(waits.signal);
  sink.end();
}

function taken(sink: Socket, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
