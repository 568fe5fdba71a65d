/** What makes one name of two on a file system. */
export interface Folding {
  readonly ignoresCase: boolean;
  readonly normalizes: boolean;
}

/** A function that gives the same for names which are one name there. */
export function folder({ ignoresCase, normalizes }: Folding): (name: string) => string {
  return (name) => {
    const form = normalizes ? name.normalize('NFC') : name;
    return ignoresCase ? form.toUpperCase().toLowerCase() : form;
  };
}

const foldAll = folder({ ignoresCase: true, normalizes: true });

/** The same for names which may be one name somewhere. */
export function foldName(name: string): string {
  return ASCII.test(name) ? name.toLowerCase() : foldAll(name);
}

// eslint-disable-next-line no-control-regex -- the whole of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;
