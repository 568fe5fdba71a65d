import fc from 'fast-check';
import { ProtocolError } from '../errors';
import { encode, encodeHeader } from './encode';
import { FrameDecoder } from './frame-decoder';
import { MessageType } from './message-type';

function decode(chunks: Buffer[]): string[] {
  const seen: string[] = [];
  const decoder = new FrameDecoder(() => 1000, {
    frame: (type, id, payload) => void seen.push(`${type}:${id}:${payload.toString('hex')}`),
    data: (id, bytes) => {
      const last = seen.at(-1);
      if (last?.startsWith(`data:${id}:`)) seen[seen.length - 1] += bytes.toString('hex');
      else seen.push(`data:${id}:${bytes.toString('hex')}`);
    },
  });
  for (const chunk of chunks) {
    decoder.push(chunk);
    // Whoever reads into the same memory again must not change what was taken from it.
    chunk.fill(0xee);
  }
  return seen;
}

test('frames are the same however the stream is cut', () => {
  const frame = fc.record({
    id: fc.integer({ min: 0, max: 0xffff_ffff }),
    payload: fc.uint8Array({ maxLength: 300 }),
    data: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 8 }),
      fc.array(fc.nat(2000), { maxLength: 20 }),
      (frames, cuts) => {
        const encodeFrame = ({ id, payload, data }: (typeof frames)[number]) =>
          (data && payload.length > 0 ? encode.data : encode.ping)(id, Buffer.from(payload));
        const stream = Buffer.concat(frames.map(encodeFrame));
        const at = [...new Set(cuts.map((cut) => Math.min(cut, stream.length)))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((start, i) =>
          Buffer.from(stream.subarray(start, at[i] ?? stream.length)),
        );
        expect(decode(chunks)).toEqual(decode([Buffer.from(stream)]));
      },
    ),
  );
});

test('a length beyond the limit is refused before its bytes are waited for', () => {
  expect(() => decode([encodeHeader(1001, MessageType.PAGE, 1)])).toThrow(ProtocolError);
  expect(() => decode([encodeHeader(1000, MessageType.PAGE, 1)])).not.toThrow();
});

test('a DATA frame without bytes is refused', () => {
  expect(() => decode([encode.data(1, Buffer.alloc(0))])).toThrow(ProtocolError);
});
