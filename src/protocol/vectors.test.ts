import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProtocolError } from '../errors';
import { MAX_PING_BYTES } from './constants';
import { writeHeader } from './encode';
import type { Fields } from './fields';
import { FrameDecoder } from './frame-decoder';
import { parseJson } from './json';
import { DEFAULT_LIMITS, type Limits } from './limits';
import { MessageType, type MessageTypeName } from './message-type';
import { parsePack } from './fixtures/pack';
import { pageCheck } from './page-check';
import * as replies from './replies';
import * as requests from './requests';

interface Frame {
  type: MessageTypeName | number;
  id: number;
  /** What the payload means. */
  json?: object;
  /** The payload in hex, where it is not what JSON.stringify makes of `json`. */
  bytes?: string;
}

const docs = join(__dirname, '..', '..', 'docs');
const vectors = JSON.parse(readFileSync(join(docs, 'protocol-vectors.json'), 'utf8')) as {
  good: { name: string; from: 'client' | 'server'; hex: string; frames: Frame[]; limits?: Limits }[];
  bad: { name: string; from: 'client' | 'server'; hex: string; code: string }[];
};

type Parse = (fields: ReturnType<typeof parseJson>) => unknown;
const PARSERS: Record<string, Record<number, Parse>> = {
  client: {
    [MessageType.HELLO]: requests.parseClientHello,
    [MessageType.LIST]: requests.parseList,
    [MessageType.STAT]: requests.parseStat,
    [MessageType.GET]: requests.parseGet,
    [MessageType.DIGESTS]: requests.parseDigests,
    [MessageType.FETCH]: requests.parseFetch,
    [MessageType.WATCH]: requests.parseWatch,
  },
  server: {
    [MessageType.HELLO]: replies.parseServerHello,
    [MessageType.PAGE]: replies.parsePage,
    [MessageType.IMAGE]: replies.parseImage,
    [MessageType.DELIVERY]: replies.parseDelivery,
    [MessageType.END]: replies.parseEnd,
    [MessageType.PROOF]: replies.parseProof,
    [MessageType.GENERATION]: replies.parseGeneration,
    [MessageType.ERROR]: replies.parseError,
    [MessageType.WORKING]: replies.parseWorking,
    [MessageType.CLOSING]: replies.parseClosing,
  },
};

function limitOf(type: number): number {
  if (type === MessageType.DATA) return DEFAULT_LIMITS.data;
  return type === MessageType.PONG ? MAX_PING_BYTES : DEFAULT_LIMITS.request;
}

/** What a receiver makes of `bytes`, given in pieces of `size`. DATA of one id in a row is put together. */
function receive(bytes: Buffer, from: 'client' | 'server', size: number) {
  const frames: { type: number; id: number; payload: Buffer }[] = [];
  const decoder = new FrameDecoder(limitOf, {
    frame(type, id, payload) {
      frames.push({ type, id, payload: Buffer.from(payload) });
      const parse = PARSERS[from]![type];
      if (parse) parse(parseJson(payload));
      else if (type === MessageType.PACK) parsePack(payload);
    },
    data(id, piece) {
      const last = frames.at(-1);
      if (last?.type === MessageType.DATA && last.id === id)
        last.payload = Buffer.concat([last.payload, piece]);
      else frames.push({ type: MessageType.DATA, id, payload: Buffer.from(piece) });
    },
  });
  for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size));
  expect(decoder.inFrame).toBe(false);
  return frames;
}

function payloadOf(frame: Frame): Buffer {
  return frame.bytes === undefined
    ? Buffer.from(JSON.stringify(frame.json))
    : Buffer.from(frame.bytes, 'hex');
}

function typeOf({ type }: Frame): number {
  return typeof type === 'number' ? type : MessageType[type];
}

/** The frames of a vector with the DATA in a row put together, as a receiver sees it. */
function joined(frames: Frame[]) {
  const out: { type: number; id: number; payload: Buffer }[] = [];
  for (const frame of frames) {
    const last = out.at(-1);
    const type = typeOf(frame);
    if (type === MessageType.DATA && last?.type === type)
      last.payload = Buffer.concat([last.payload, payloadOf(frame)]);
    else out.push({ type, id: frame.id, payload: payloadOf(frame) });
  }
  return out;
}

describe.each(vectors.good)('$name', ({ hex, frames, from }) => {
  const bytes = Buffer.from(hex, 'hex');

  test.each([
    ['as one chunk', bytes.length],
    ['byte by byte', 1],
  ])('is understood %s', (_, size) => expect(receive(bytes, from, size)).toEqual(joined(frames)));

  test('is what its frames encode to', () => {
    const encoded = frames.map((frame) => {
      const payload = payloadOf(frame);
      const header = Buffer.alloc(9);
      writeHeader(header, 0, payload.length, typeOf(frame), frame.id);
      return Buffer.concat([header, payload]);
    });
    expect(Buffer.concat(encoded).toString('hex')).toBe(hex);
  });
});

describe.each(vectors.bad)('$name', ({ hex, code, from }) => {
  test.each([
    ['as one chunk', hex.length],
    ['byte by byte', 1],
  ])(`ends in ${code} %s`, (_, size) => {
    let error: unknown;
    try {
      receive(Buffer.from(hex, 'hex'), from, size);
    } catch (cause) {
      error = cause;
    }
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as ProtocolError).code).toBe(code);
  });
});

const unusual = vectors.good.flatMap(({ name, from, frames }) =>
  frames
    .filter(({ json, bytes }) => json !== undefined && bytes !== undefined)
    .map((frame) => ({ name, from, frame })),
);

test.each(unusual)('$name: means what it says', ({ from, frame }) => {
  if (frame.type === 'PACK') return expect(parsePack(payloadOf(frame))).toMatchObject(frame.json!);
  const parse = PARSERS[from]![typeOf(frame)]!;
  expect(parse(parseJson(payloadOf(frame)))).toEqual(parse(frame.json as Fields));
});

test.each(vectors.good.filter(({ limits }) => limits !== undefined))(
  '$name: clamped',
  ({ frames, limits }) => {
    expect(replies.parseServerHello(frames[0]!.json as Fields).limits).toEqual(limits);
  },
);

test('each page of the vectors has the check that protocol.md describes', () => {
  const frames = vectors.good.flatMap((one) => one.frames);
  const lists = new Map(frames.filter(({ type }) => type === 'LIST').map((list) => [list.id, list]));
  const pages = frames.filter(({ type }) => type === 'PAGE');
  expect(pages).toHaveLength(5);
  for (const { id, json } of pages) {
    const page = replies.parsePage(parseJson(Buffer.from(JSON.stringify(json))));
    expect(page.check).toBe(pageCheck(payloadOf(lists.get(id)!), page));
  }
});

test('the examples of protocol.md are test vectors', () => {
  const page = readFileSync(join(docs, 'protocol.md'), 'utf8');
  const blocks = page.split(/^```.*\n/m).filter((_, i) => i % 2 === 1);
  const isHex = (line: string) => /^([0-9a-f]{8} | {4}[0-9a-f]{2}( |$))/.test(line);
  const examples = blocks.map((block) => block.split('\n').filter(isHex)).filter(({ length }) => length > 0);
  expect(examples.length).toBeGreaterThanOrEqual(9);
  const known = vectors.good.map(({ hex }) => hex);
  for (const lines of examples) {
    const hex = lines.map((line) => line.replace(/ {3}[A-Z]+,.*$/, '').replace(/ /g, '')).join('');
    expect(known).toContain(hex);
  }
});
