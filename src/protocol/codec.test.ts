import fc from 'fast-check';
import { anyPack, encodePack, KINDS, type Kind } from './fixtures/any-message';
import { FrameDecoder } from './frame-decoder';
import { HEADER_BYTES } from './constants';
import { parseJson } from './json';
import { parsePack } from './fixtures/pack';

const MOST = 1_048_576;
const INTERNAL = 'INTERNAL';

/** What a receiver reads from a stream that comes in pieces of these sizes, over and over. */
function read(stream: Buffer, sizes: readonly number[], parse: Kind<unknown>['parse']): unknown[] {
  const messages: unknown[] = [];
  const decoder = new FrameDecoder(() => MOST, {
    frame: (_, id, payload) => void messages.push([id, parse(parseJson(payload))]),
    data: () => undefined,
  });
  for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length]!) {
    // A copy that is spoilt afterwards: nothing may be kept of memory that is read into again.
    const chunk = Buffer.from(stream.subarray(at, at + sizes[i % sizes.length]!));
    decoder.push(chunk);
    chunk.fill(0xee);
  }
  expect(decoder.inFrame).toBe(false);
  return messages;
}

const isOfConnection = (name: string) => /Hello|closing/.test(name);

describe.each(Object.entries(KINDS) as [string, Kind<unknown>][])('%s', (name, { any, encode, parse }) => {
  test('is read as it was written, however the stream is cut', () => {
    const id = isOfConnection(name) ? fc.constant(0) : fc.integer({ min: 0, max: 0xffff_ffff });
    const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(id, any), { maxLength: 4 }), sizes, (messages, cuts) => {
        const stream = Buffer.concat(messages.map(([request, message]) => encode(request, message)));
        expect(read(stream, cuts, parse)).toEqual(messages);
      }),
    );
  });

  test('is refused with a ProtocolError, if at all, whatever stands in its members', () => {
    const spoilt = fc.tuple(any, fc.nat(), fc.jsonValue()).map(([message, which, value]) => {
      const fields = { protocol: 'reso', ...(message as Record<string, unknown>) };
      const keys = Object.keys(fields);
      return { ...fields, [keys[which % keys.length]!]: value };
    });
    fc.assert(
      fc.property(spoilt, (fields) => {
        try {
          parse(parseJson(Buffer.from(JSON.stringify(fields))));
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProtocolError', code: 'BAD_MESSAGE' });
        }
      }),
    );
  });
});

describe('pack', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(anyPack, ({ table, bytes }) => {
        const payload = encodePack(1, { table, bytes }).subarray(HEADER_BYTES);
        expect(parsePack(payload)).toEqual({ ...table, bytes });
      }),
    );
  });

  test('with a byte too few, too many or changed, is refused with BAD_MESSAGE or brings another table or other bytes', () => {
    fc.assert(
      fc.property(anyPack, fc.nat(), fc.integer({ min: 1, max: 255 }), (pack, where, change) => {
        const payload = encodePack(1, pack).subarray(HEADER_BYTES);
        const at = where % payload.length;
        const code = payload.lastIndexOf(INTERNAL, at);
        // A damaged INTERNAL is an unknown code, which counts as INTERNAL.
        fc.pre(code < 0 || at >= code + INTERNAL.length);
        const changed = Buffer.from(payload);
        changed[at]! ^= change;
        for (const spoilt of [payload.subarray(0, -1), Buffer.concat([payload, Buffer.alloc(1)])])
          expect(() => parsePack(spoilt)).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }) as Error);
        try {
          expect(parsePack(changed)).not.toEqual({ ...pack.table, bytes: pack.bytes });
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_MESSAGE' });
        }
      }),
    );
  });
});
