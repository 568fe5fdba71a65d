/** How a file system treats different names as the same. */
export interface Folding {
  readonly ignoresCase: boolean;
  readonly normalizes: boolean;
}

/** Returns a function that maps names to the same value if they are the same name on such a file system. */
export function folder({ ignoresCase, normalizes }: Folding): (name: string) => string {
  return (name) => {
    const form = normalizes ? name.normalize('NFC') : name;
    return ignoresCase ? form.toUpperCase().toLowerCase() : form;
  };
}

const foldAll = folder({ ignoresCase: true, normalizes: true });

/** Maps names to the same value if any file system may treat them as the same. */
export function foldName(name: string): string {
  return ASCII.test(name) ? name.toLowerCase() : foldAll(name);
}

// eslint-disable-next-line no-control-regex -- the whole of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;
