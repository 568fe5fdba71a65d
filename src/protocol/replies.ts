import { isWireCode, type WireCode } from '../errors';
import { parseFacts } from '../facts';
import { compareNames, nameFault } from '../names';
import { MAX_BLOCKS, MAX_FETCH, MAX_PAGE } from './constants';
import {
  byteCount,
  checkSha256,
  fault,
  integer,
  list,
  microseconds,
  object,
  optional,
  sha256,
  text,
  token,
  truth,
  versionNumbers,
  type Fields,
} from './fields';
import { BLOCK_SIZE_RANGE, clampLimits, type Limits } from './limits';
import type {
  Closing,
  Delivery,
  End,
  ErrorReply,
  ImageEntry,
  ImageState,
  NextGeneration,
  PackEntry,
  PackTable,
  Page,
  Proof,
  ServerHello,
  Working,
} from './messages';

/** What a client receives. Each function takes the parsed payload and throws BAD_MESSAGE. */

const anyInteger = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
/** Parses the state of a requested image, whose name was already checked. */
const ownName = text(1024);

export function parseServerHello(fields: Fields): ServerHello {
  if (fields['protocol'] !== 'reso') throw fault('"protocol" must be "reso".');
  return {
    version: anyInteger(fields, 'version'),
    agent: optional(text(128), fields, 'agent'),
    limits: parseLimits(object(fields['limits'], '"limits"')),
    blockSize: integer(...BLOCK_SIZE_RANGE)(fields, 'blockSize'),
  };
}

function parseLimits(fields: Fields): Limits {
  return clampLimits({
    outstanding: anyInteger(fields, 'outstanding'),
    request: anyInteger(fields, 'request'),
    reply: anyInteger(fields, 'reply'),
    data: anyInteger(fields, 'data'),
    pack: optional(anyInteger, fields, 'pack'),
    idle: anyInteger(fields, 'idle'),
  });
}

export function parsePage(fields: Fields): Page {
  const page = {
    generation: token(fields, 'generation'),
    images: list(MAX_PAGE, (value) => parseImage(object(value, '"images"')))(fields, 'images'),
    unreadable: optional(byteCount, fields, 'unreadable'),
    next: optional(name, fields, 'next'),
    check: optional(sha256, fields, 'check'),
  };
  checkOrder(page);
  if (!optional(truth, fields, 'unchanged')) return page;
  if (page.images.length > 0 || page.next !== undefined)
    throw fault('A page marked as unchanged is not empty.');
  return { ...page, unchanged: true };
}

/** An unordered page could make a client list the same names forever. */
function checkOrder({ images, next }: Page): void {
  const names = images.map((image) => image.name);
  if (next !== undefined) names.push(next);
  names.forEach((one, i) => {
    const last = i === names.length - 1 && next !== undefined;
    const order = i === 0 ? 1 : compareNames(one, names[i - 1]!);
    if (order < 0 || (order === 0 && !last)) throw fault('The names on a page are not in ascending order.');
  });
}

function name(fields: Fields, key: string): string {
  const value = text(1024)(fields, key);
  const wrong = nameFault(value);
  if (wrong !== undefined) throw fault(`The server sent an invalid name: ${wrong}.`);
  return value;
}

export function parseImage(fields: Fields): ImageEntry {
  const facts = fields['facts'] === undefined ? undefined : parseFacts(fields['facts']);
  const entry = { name: name(fields, 'name'), ...parseState(fields), ...(facts && { facts }) };
  return optional(truth, fields, 'unsettled') ? { ...entry, unsettled: true } : entry;
}

function parseState(fields: Fields): ImageState {
  return {
    size: byteCount(fields, 'size'),
    mtime: microseconds(fields, 'mtime'),
    version: token(fields, 'version'),
    sha256: optional(sha256, fields, 'sha256'),
  };
}

export function parseDelivery(fields: Fields): Delivery {
  const delivery = {
    name: optional(ownName, fields, 'name'),
    ...parseState(fields),
    offset: byteCount(fields, 'offset'),
    length: byteCount(fields, 'length'),
  };
  if (delivery.offset + delivery.length > delivery.size) throw fault('A delivery extends beyond its image.');
  return delivery;
}

/** The table of a pack, followed by `bytes` bytes of images. */
export function parsePackTable(fields: Fields, bytes: number): PackTable {
  const images = list(MAX_FETCH, (value) => parsePackEntry(object(value, '"images"')))(fields, 'images');
  const sum = images.reduce((total, image) => total + ('size' in image ? image.size : 0), 0);
  if (sum !== bytes) throw fault(`The table of a pack lists ${sum} bytes, but the pack has ${bytes}.`);
  return { images };
}

function parsePackEntry(fields: Fields): PackEntry {
  const asked = text(65_536)(fields, 'name');
  if (fields['code'] === undefined)
    return { name: asked, ...parseState(fields), sha256: sha256(fields, 'sha256') };
  return { name: asked, code: parseCode(fields), message: text(1024)(fields, 'message') };
}

export function parseEnd(fields: Fields): End {
  return { sha256: optional(sha256, fields, 'sha256') };
}

export function parseProof(fields: Fields): Proof {
  return {
    name: optional(ownName, fields, 'name'),
    ...parseState(fields),
    sha256: sha256(fields, 'sha256'),
    blockSize: integer(...BLOCK_SIZE_RANGE)(fields, 'blockSize'),
    first: byteCount(fields, 'first'),
    blocks: list(MAX_BLOCKS, checkSha256)(fields, 'blocks'),
  };
}

export function parseGeneration(fields: Fields): NextGeneration {
  return { generation: token(fields, 'generation') };
}

export function parseWorking(fields: Fields): Working {
  return { done: byteCount(fields, 'done'), total: byteCount(fields, 'total') };
}

export function parseClosing(fields: Fields): Closing {
  return { reason: text(128)(fields, 'reason') };
}

/** An unknown code counts as INTERNAL. */
function parseCode(fields: Fields): WireCode {
  const code = text(64)(fields, 'code');
  return isWireCode(code) ? code : 'INTERNAL';
}

export function parseError(fields: Fields): ErrorReply {
  return {
    code: parseCode(fields),
    message: text(1024)(fields, 'message'),
    versions: optional(versionNumbers, fields, 'versions'),
    retryAfter: optional(integer(0, 3_600_000), fields, 'retryAfter'),
    // What was requested need not be a valid name.
    name: optional(text(65_536), fields, 'name'),
  };
}
