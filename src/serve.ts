import { openCatalog, type Survey } from './catalog';
import { AGENT, DEFAULT_PORT } from './protocol';
import { startServer } from './server';
import { UsageError } from './errors';
import { openFolder } from './stores';
import type { Log } from './telemetry';

export interface ServeOptions {
  /** Folder of images; may itself be a link. Default `./images`. */
  readonly folder?: string | undefined;
  /** Address to listen on; default 0.0.0.0, all of IPv4. */
  readonly host?: string | undefined;
  /** TCP port; 0 takes any that is free. Default 5005. */
  readonly port?: number | undefined;
  /** Folder for digests, so that a restart computes none again; made if missing. Default: memory only. */
  readonly state?: string | undefined;
  /** Hears, in one sentence, of what works but not as asked for. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Where the server says what it does, one line a request; default nowhere. */
  readonly log?: Log | undefined;
}

/** A server that runs. */
export interface ServeHandle {
  readonly port: number;
  /** Each address at which it can be reached. */
  readonly addresses: readonly string[];
  /** Counts what is served, and what of the folder is not. Looks through the folder. */
  survey(): Promise<Survey>;
  /** Takes no more connections, lets deliveries finish for at most `grace` seconds (default 10), then ends. */
  close(options?: { readonly grace?: number | undefined }): Promise<void>;
}

/** Serves the images of a folder. Resolves once connections are accepted. Throws USAGE, FOLDER, PORT. */
export async function serve(options: ServeOptions = {}): Promise<ServeHandle> {
  const { state, onWarning, host, log, port = DEFAULT_PORT } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`port must be a whole number from 0 to 65535, not ${port}.`);
  }
  const store = await openFolder(options.folder ?? 'images');
  const catalog = await openCatalog({ store, state, onWarning, hashesAll: true });
  const server = await startServer({ catalog, host, port, log, agent: AGENT }).catch(
    async (error: unknown) => {
      await catalog.close();
      throw error;
    },
  );
  return {
    port: server.port,
    addresses: server.addresses(),
    survey: () => catalog.survey(),
    close: async ({ grace = 10 } = {}) => {
      await server.close({ graceMs: grace * 1000 });
      await catalog.close();
    },
  };
}
