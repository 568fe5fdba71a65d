import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_BLOCK_SIZE, DEFAULT_LIMITS, encode, HEADER_BYTES } from '../../src/protocol';
import { anyFrame } from '../../src/protocol/fixtures/any-message';

export type Side = 'client' | 'server';

const VECTORS = join(__dirname, '..', '..', 'docs', 'protocol-vectors.json');
const GENERATED = 400;
const HELLO = {
  client: encode.clientHello({ versions: [1] }),
  server: encode.serverHello({ version: 1, limits: DEFAULT_LIMITS, blockSize: DEFAULT_BLOCK_SIZE }),
};

/** Valid conversations of one side, as frames: those of the test vectors, and others generated from a seed. */
export function conversations(from: Side, seed: number): Buffer[][] {
  const frames = fc.array(anyFrame(from), { minLength: 1, maxLength: 6 });
  const generated = fc.sample(frames, { seed, numRuns: GENERATED });
  return [...vectors(from), ...generated].map((rest) => [HELLO[from], ...rest]);
}

function vectors(from: Side): Buffer[][] {
  const { good } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { good: { from: Side; hex: string }[] };
  return good.filter((vector) => vector.from === from).map(({ hex }) => framesOf(Buffer.from(hex, 'hex')));
}

function framesOf(stream: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < stream.length; at += frames.at(-1)!.length) {
    frames.push(stream.subarray(at, at + HEADER_BYTES + stream.readUInt32BE(at)));
  }
  return frames;
}
