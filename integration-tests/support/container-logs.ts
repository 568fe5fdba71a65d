import type { StartedTestContainer } from 'testcontainers';
import { rawContainer } from './engine';

/** Bytes before each piece of a log: its stream, three zeros, and its length. */
const HEADER = 8;

/** What the container's process has written so far to one of its streams. */
export async function logOf(container: StartedTestContainer, stream: 'stdout' | 'stderr'): Promise<string> {
  const raw = await rawContainer(container);
  return withoutHeaders(await raw.logs({ follow: false, [stream]: true }));
}

function withoutHeaders(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at < log.length;) {
    const end = at + HEADER + log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + HEADER, end));
    at = end;
  }
  return Buffer.concat(pieces).toString();
}
