import { fault, object, type Fields } from './fields';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The JSON object in a payload. Throws BAD_MESSAGE. */
export function parseJson(payload: Buffer): Fields {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(payload));
  } catch {
    throw fault('The payload is not JSON in UTF-8.');
  }
  return object(value, 'The payload');
}
