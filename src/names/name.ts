/** Most bytes of UTF-8 in a name: also the limit of S3 keys. */
export const MAX_NAME_BYTES = 1024;
/** Most bytes in one component: NAME_MAX of common file systems. */
export const MAX_COMPONENT_BYTES = 255;

/** Matches most names: printable ASCII, without components that are empty or begin with a dot. */
const PLAIN = /^[ -\-0-~][ -.0-~]*(?:\/[ -\-0-~][ -.0-~]*)*$/;

/**
 * Why `name` can't be the name of an image, or undefined if it can.
 * The rules are those of docs/protocol.md, "Common fields".
 */
export function nameFault(name: string): string | undefined {
  if (name.length <= MAX_COMPONENT_BYTES && PLAIN.test(name)) return undefined;
  if (name === '') return 'it is empty';
  if (name.includes('\0')) return 'it contains a NUL character';
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `it is longer than ${MAX_NAME_BYTES} bytes`;
  if (name.startsWith('/')) return 'it is an absolute path';
  for (const component of name.split('/')) {
    const fault = componentFault(component);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The name that is meant by `text`: `./a.jpg`, as printed by `find .`, means `a.jpg`. */
export function nameMeant(text: string): string {
  return text.replace(/^(?:\.\/+)+(?=[^/])/, '');
}

/** Why `component` can't be part of a name, or undefined if it can. */
export function componentFault(component: string): string | undefined {
  if (component === '') return 'a part of it is empty';
  if (component === '..' || component === '.') return `it contains "${component}"`;
  if (component.startsWith('.')) return 'a part of it begins with a dot';
  if (Buffer.byteLength(component) > MAX_COMPONENT_BYTES) {
    return `a part of it is longer than ${MAX_COMPONENT_BYTES} bytes`;
  }
  return undefined;
}

export function isName(name: string): boolean {
  return nameFault(name) === undefined;
}
