import { createHash } from 'node:crypto';

/** What somebody may do who was let in. */
export interface Grant {
  /** Who it is, for the log; undefined where nobody has to say. */
  readonly name: string | undefined;
  /** Tells what may be read from what others may read; undefined: all of it. */
  readonly view: string | undefined;
  /** Whether an image of this name may be read, if there is one; undefined: any may. */
  readonly mayRead: ((name: string) => boolean) | undefined;
}

/** Where everybody is let in. */
export const EVERYTHING: Grant = { name: undefined, view: undefined, mayRead: undefined };

/** For whoever may know that the server is there, and no more. */
export const NOTHING: Grant = { name: 'self', view: 'nothing', mayRead: () => false };

/** All of it, or only these images and what is in these folders. `cat` does not stand for `cats`. */
export function grantFor(name: string, prefixes?: readonly string[]): Grant {
  if (!prefixes) return { ...EVERYTHING, name };
  const mayRead = (image: string) =>
    prefixes.some((prefix) => image === prefix || image.startsWith(`${prefix}/`));
  const view = createHash('sha256').update(JSON.stringify(prefixes)).digest('hex').slice(0, 16);
  return { name, view, mayRead };
}
