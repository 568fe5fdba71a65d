/** Bytes of UTF-8 that a whole name may have: what S3 allows for a key, too. */
export const MAX_NAME_BYTES = 1024;
/** Bytes that one component may have: NAME_MAX of the common file systems. */
export const MAX_COMPONENT_BYTES = 255;

/** What most names are: printable ASCII, and no part that is empty or begins with a dot. */
const PLAIN = /^[ -\-0-~][ -.0-~]*(?:\/[ -\-0-~][ -.0-~]*)*$/;

/**
 * Why `name` can't be the name of an image, or undefined if it can.
 * The rules are those of docs/protocol.md, "Common fields".
 */
export function nameFault(name: string): string | undefined {
  if (name.length <= MAX_COMPONENT_BYTES && PLAIN.test(name)) return undefined;
  if (name === '') return 'it is empty';
  if (name.includes('\0')) return 'it holds a NUL character';
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `it is longer than ${MAX_NAME_BYTES} bytes`;
  if (name.startsWith('/')) return 'it is an absolute path';
  for (const component of name.split('/')) {
    const fault = componentFault(component);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** What somebody means by `text`: `./a.jpg`, as `find .` prints it, is `a.jpg`. */
export function nameMeant(text: string): string {
  return text.replace(/^(?:\.\/+)+(?=[^/])/, '');
}

/** Why `component` can't be a part of a name, or undefined if it can. */
export function componentFault(component: string): string | undefined {
  if (component === '') return 'a part of it is empty';
  if (component === '..' || component === '.') return `it holds "${component}"`;
  if (component.startsWith('.')) return 'a part of it begins with a dot';
  if (Buffer.byteLength(component) > MAX_COMPONENT_BYTES) {
    return `a part of it is longer than ${MAX_COMPONENT_BYTES} bytes`;
  }
  return undefined;
}

export function isName(name: string): boolean {
  return nameFault(name) === undefined;
}
