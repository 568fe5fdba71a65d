import { createHash } from 'node:crypto';

/** What a client that was let in may do. */
export interface Grant {
  /** The client's name, for the log; undefined if clients don't identify themselves. */
  readonly name: string | undefined;
  /** Identifies the set of images this client may read; undefined: all of them. */
  readonly view: string | undefined;
  /** Whether the image of this name may be read, if it exists; undefined: all may. */
  readonly mayRead: ((name: string) => boolean) | undefined;
  /** Whether a folder of this path may hold such images; undefined: all may. */
  readonly mayEnter: ((path: string) => boolean) | undefined;
}

/** For servers that let everybody in. */
export const EVERYTHING: Grant = {
  name: undefined,
  view: undefined,
  mayRead: undefined,
  mayEnter: undefined,
};

/** For a client that may know that the server is up, and nothing else. */
export const NOTHING: Grant = {
  name: 'self',
  view: 'nothing',
  mayRead: () => false,
  mayEnter: () => false,
};

/** Everything, or only these images and what is in these folders. The prefix `cat` does not match `cats`. */
export function grantFor(name: string, prefixes?: readonly string[]): Grant {
  if (!prefixes) return { ...EVERYTHING, name };
  const mayRead = (image: string) =>
    prefixes.some((prefix) => image === prefix || image.startsWith(`${prefix}/`));
  const mayEnter = (path: string) =>
    path === '' || mayRead(path) || prefixes.some((prefix) => prefix.startsWith(`${path}/`));
  const view = createHash('sha256').update(JSON.stringify(prefixes)).digest('hex').slice(0, 16);
  return { name, view, mayRead, mayEnter };
}
