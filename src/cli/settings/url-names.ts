import { UsageError } from '../../errors';
import { DEFAULT_PORT, parseServer, type ServerAddress } from './server-address';

export interface Separated {
  readonly names: readonly string[];
  /** Undefined where no name is a URL. */
  readonly servers?: readonly ServerAddress[];
}

/**
 * Takes the server out of names that are URLs: `reso://HOST:PORT/cats/tom.jpg` is `cats/tom.jpg` at HOST:PORT. `servers` is
 * what --server says. Throws USAGE unless all mean the same server, or one of several that --server names.
 */
export function separateServer(names: readonly string[], servers: readonly ServerAddress[]): Separated {
  const urls = names.filter(isUrl);
  if (urls.length === 0) return { names };
  const inUrls = urls.map(serverIn);
  const meant = servers.length > 0 ? servers : inUrls.slice(0, 1);
  for (const other of inUrls) {
    if (meant.some((one) => addressOf(other) === addressOf(one))) continue;
    throw new UsageError(
      `One run talks to one server, but ${addressOf(other)} and ${addressOf(meant[0]!)} are named. ` +
        'Name several with the same images by --server.',
    );
  }
  return {
    names: names.flatMap((name) => (isUrl(name) ? nameIn(name, names.length) : [name])),
    servers: meant,
  };
}

/** No image can have such a name: a part of it would be empty. */
function isUrl(name: string): boolean {
  return name.includes('://') && /^[a-z][a-z0-9+.-]*:\/\//i.test(name);
}

function serverIn(url: string): ServerAddress {
  const [address] = /^[^:]+:\/\/[^/]*/.exec(url)!;
  try {
    return parseServer(address);
  } catch (cause) {
    throw new UsageError(`'${url}': the address ${(cause as Error).message}.`, { cause });
  }
}

/** None where the URL stands alone and names just the server. */
function nameIn(url: string, count: number): string[] {
  const path = url.replace(/^[^:]+:\/\/[^/]*\/?/, '');
  if (path === '' && count === 1) return [];
  if (path === '') throw new UsageError(`'${url}' names no image: write ${url.replace(/\/$/, '')}/NAME.`);
  if (/[?#]/.test(path))
    throw new UsageError(`'${url}': in a URL, write a '?' as %3F and a '#' as %23; reso has no queries.`);
  try {
    return [decodeURIComponent(path)];
  } catch (cause) {
    throw new UsageError(`'${url}': write a '%' as %25 in a URL.`, { cause });
  }
}

function addressOf({ host, port = DEFAULT_PORT, tls = false }: ServerAddress): string {
  const shown = host.includes(':') ? `[${host}]` : host.toLowerCase();
  return `${tls ? 'resos' : 'reso'}://${shown}:${port}`;
}
