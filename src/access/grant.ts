/** What somebody may do who was let in. */
export interface Grant {
  /** Who it is, for the log; undefined where nobody has to say. */
  readonly name: string | undefined;
  /** Whether an image of this name may be read, if there is one. */
  mayRead(name: string): boolean;
}

/** Where everybody is let in. */
export const EVERYTHING: Grant = { name: undefined, mayRead: () => true };

/** For whoever may know that the server is there, and no more. */
export const NOTHING: Grant = { name: 'self', mayRead: () => false };

/** All of it, or only these images and what is in these folders. `cat` does not stand for `cats`. */
export function grantFor(name: string, prefixes?: readonly string[]): Grant {
  if (!prefixes) return { name, mayRead: () => true };
  const mayRead = (image: string) =>
    prefixes.some((prefix) => image === prefix || image.startsWith(`${prefix}/`));
  return { name, mayRead };
}
