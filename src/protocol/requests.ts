import { globFault, globsFault, MAX_GLOBS } from '../names';
import { MAX_BLOCKS, MAX_FETCH, MAX_PAGE } from './constants';
import {
  byteCount,
  fault,
  integer,
  list,
  object,
  optional,
  sha256,
  text,
  token,
  truth,
  versionNumbers,
  type Fields,
} from './fields';
import type {
  ClientHello,
  DigestsRequest,
  FetchRequest,
  GetRequest,
  ListRequest,
  StatRequest,
  WantedImage,
  WatchRequest,
} from './messages';

/**
 * What a server receives. Each function takes the parsed payload and throws BAD_MESSAGE.
 *
 * Invalid names are let through: the catalog decides whether a name is that of an image, and it answers NOT_FOUND to
 * everything that is not served.
 */
const anyName = text(65_536);

export function parseClientHello(fields: Fields): ClientHello {
  if (fields['protocol'] !== 'reso') throw fault('"protocol" must be "reso".');
  const versions = versionNumbers(fields, 'versions');
  if (versions.length === 0) throw fault('"versions" is empty.');
  return {
    versions,
    agent: optional(text(128), fields, 'agent'),
    token: optional(text(4096), fields, 'token'),
  };
}

export function parseList(fields: Fields): ListRequest {
  return {
    globs: optional(globs, fields, 'globs'),
    // An unpaired surrogate has no UTF-8 encoding by which names could be ordered.
    after: optional(anyName, fields, 'after')?.toWellFormed(),
    limit: optional(integer(1, MAX_PAGE), fields, 'limit'),
    unless: optional(token, fields, 'unless'),
    facts: optional(truth, fields, 'facts') || undefined,
  };
}

function globs(fields: Fields, key: string): string[] {
  const values = list(MAX_GLOBS, glob)(fields, key);
  if (values.length === 0) throw fault(`"${key}" is empty.`);
  const tooMuch = globsFault(values);
  if (tooMuch !== undefined) throw fault(`The globs are not valid: ${tooMuch}.`);
  for (const value of values) {
    const wrong = globFault(value);
    if (wrong !== undefined) throw fault(`A glob is not valid: ${wrong}.`);
  }
  return values;
}

function glob(value: unknown): string {
  if (typeof value !== 'string') throw fault('"globs" must contain strings.');
  return value;
}

export function parseStat(fields: Fields): StatRequest {
  return { name: anyName(fields, 'name') };
}

export function parseGet(fields: Fields): GetRequest {
  return {
    name: anyName(fields, 'name'),
    offset: optional(byteCount, fields, 'offset'),
    length: optional(byteCount, fields, 'length'),
    version: optional(token, fields, 'version'),
    sha256: optional(sha256, fields, 'sha256'),
  };
}

export function parseFetch(fields: Fields): FetchRequest {
  const images = list(MAX_FETCH, (value) => wantedImage(object(value, '"images"')))(fields, 'images');
  if (images.length === 0) throw fault('"images" is empty.');
  return { images };
}

function wantedImage(fields: Fields): WantedImage {
  return { name: anyName(fields, 'name'), sha256: optional(sha256, fields, 'sha256') };
}

export function parseWatch(fields: Fields): WatchRequest {
  return { unless: token(fields, 'unless') };
}

export function parseDigests(fields: Fields): DigestsRequest {
  return {
    name: anyName(fields, 'name'),
    version: optional(token, fields, 'version'),
    first: optional(byteCount, fields, 'first'),
    count: optional(integer(0, MAX_BLOCKS), fields, 'count'),
  };
}
