import { HttpError } from './http-error';

/** The target of a request, decoded exactly once. */
export interface RequestTarget {
  /** The segments of the path. `/a/b` and `/a%2Fb` differ here, but name the same image once joined. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** If the target is a whole URL (RFC 9112, 3.2.2), its host, which overrides the Host field. */
  readonly host: string | undefined;
}

/** For requests whose target has not been parsed. */
export const NOWHERE: RequestTarget = { segments: [], query: new URLSearchParams(), host: undefined };

/** Removes `basePath` (`/photos`, or empty) if a proxy has not. Throws 400. */
export function parseTarget(target: string, basePath: string): RequestTarget {
  const [, host, rest = target] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  const [path = '', query = ''] = splitOnce(rest === '' ? '/' : rest, '?');
  if (!path.startsWith('/')) throw new HttpError(400, 'BAD_MESSAGE', 'The request has no path.');
  const own = path === basePath || path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
  return { segments: own.split('/').slice(1).map(decode), query: new URLSearchParams(query), host };
}

/** The path and query of a request's target as used in links, with `basePath`. */
export function publicPath(target: string, basePath: string): string {
  if (!target.startsWith('/')) return `${basePath}/`;
  return target.startsWith(`${basePath}/`) ? target : `${basePath}${target}`;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new HttpError(400, 'BAD_MESSAGE', 'The path is not valid percent-encoded UTF-8.', { cause });
  }
}

/** The folder in a query, without a trailing slash. */
export function folderIn(query: URLSearchParams): string {
  const path = query.get('path') ?? '';
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** `name` as a path in a URL: slashes stay, other special characters are encoded. */
export function pathOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
