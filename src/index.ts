/** The public library: `connect` to fetch images, `serve` to offer a folder of them. */
import type * as Access from './access';
import type * as Serving from './serve';
import type { ServeHandle, ServeOptions } from './serve';

export { connect, newProgress, openLock } from './client';
export type * from './client';
export { VERSION } from './protocol';
export type { ImageEntry, ImageState, Proof } from './protocol';
export * from './errors';
export type { ServeHandle, ServeOptions } from './serve';
export type { HttpOptions } from './web';
export type { TlsFiles } from './access';
export type { Facts } from './facts';
export type { Log, LogFields, LogLevel } from './telemetry';

/** A new random token, for the `tokenFile` of `serve` and the `token` of `connect`. */
export function newToken(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- as below
  return (require('./access') as typeof Access).newToken();
}

/** Serves the images of a folder. Resolves once the server accepts connections. Throws USAGE, FOLDER, PORT. */
export async function serve(options: ServeOptions = {}): Promise<ServeHandle> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a client must not load what only a server needs
  const serving = require('./serve') as typeof Serving;
  return serving.serve(options);
}
