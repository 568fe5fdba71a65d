import { basename, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gatekeeper, openTls, openTokens, type TlsFiles } from './access';
import { openCatalog, type Survey } from './catalog';
import { AGENT, DEFAULT_PORT } from './protocol';
import { startServer, type Server, type ServerOptions } from './server';
import { UsageError } from './errors';
import { globFault } from './names';
import { openLockClaims, type ClaimedImage } from './lock';
import { isS3Url, openFolder, openS3, placeOf, type ImageStore } from './stores';
import type { Log } from './telemetry';
import type * as Web from './web';
import type { HttpOptions, WebOptions } from './web';

export interface ServeOptions {
  /**
   * Folder of images; may itself be a link. Default `./images`. Or `s3://BUCKET/PREFIX`, which needs the package
   * @aws-sdk/client-s3.
   */
  readonly folder?: string | undefined;
  /** URL of an S3 store other than Amazon's. */
  readonly s3Endpoint?: string | undefined;
  /** At this endpoint the bucket is part of the host name, not of the path. */
  readonly s3VirtualHost?: boolean | undefined;
  /**
   * Globs: files with matching names are served too, whatever they contain. Symlinks, hidden files and `.reso` never are.
   */
  readonly also?: readonly string[] | undefined;
  /** Address to listen on; default 0.0.0.0, all of IPv4. */
  readonly host?: string | undefined;
  /** TCP port; 0 picks a free one. Default 5005. */
  readonly port?: number | undefined;
  /**
   * Lock file with the digests of images, which then are not read for them. A digest is used where a client checks the bytes
   * against it, and until the image has been read for another reason. Default: none.
   */
  readonly lock?: string | undefined;
  /** Folder where digests are kept across restarts; made if missing. Default: memory only. */
  readonly state?: string | undefined;
  /** Accept TLS 1.3 only. The files are checked for each connection and may be replaced at any time. */
  readonly tls?: TlsFiles | undefined;
  /** File with the tokens of the clients that may connect; checked for each request. Default: everybody may. */
  readonly tokenFile?: string | undefined;
  /** Accept tokens over plain TCP from other machines too. */
  readonly insecure?: boolean | undefined;
  /** Show the images over HTTP as well; default: not. */
  readonly http?: HttpOptions | undefined;
  readonly limits?: ServerOptions['limits'];
  readonly timeouts?: ServerOptions['timeouts'];
  /** Called with a sentence about anything that does not work as asked but is no reason to fail. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Gets one line per request; default: no log. */
  readonly log?: Log | undefined;
}

/** A server that runs. */
export interface ServeHandle {
  readonly port: number;
  /** Where the images can be looked at: `http://ADDRESS:PORT/`, for each address; empty without HTTP. */
  readonly galleries: readonly string[];
  /** Each address at which it can be reached. */
  readonly addresses: readonly string[];
  /** Scans the folder and counts what is served and what is left out. */
  survey(): Promise<Survey>;
  /** Reads the certificate, token and lock files now and reports their problems, including those reported before. */
  reload(): void;
  /**
   * Accepts no more connections, lets deliveries finish for at most `grace` seconds (default 10), then ends. For `drain`
   * seconds before that (default 0) it serves as ever, but /readyz gives 503: an orchestrator sends new clients elsewhere.
   */
  close(options?: {
    readonly grace?: number | undefined;
    readonly drain?: number | undefined;
  }): Promise<void>;
}

/** Serves the images of a folder. Resolves once connections are accepted. Throws USAGE, FOLDER, PORT. */
export async function serve(options: ServeOptions = {}): Promise<ServeHandle> {
  const { state, onWarning = () => undefined, host, port = DEFAULT_PORT, limits, timeouts } = options;
  const { also = [] } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`port must be a whole number from 0 to 65535, not ${port}.`);
  }
  const { tls, gatekeeper, reload } = openAccess(options, onWarning);
  for (const glob of also) {
    const fault = globFault(glob);
    if (fault !== undefined) throw new UsageError(`also: '${glob}' is not a glob: ${fault}.`);
  }
  const folder = options.folder ?? 'images';
  const isS3 = isS3Url(folder);
  const lock = options.lock === undefined ? undefined : await openLockClaims(options.lock, onWarning);
  const store = await openStore(folder, options).catch((error: unknown) => {
    lock?.close();
    throw error;
  });
  const web = options.http && new (loadWeb().WebSide)(options.http, onWarning);
  const facts = { findFacts: web?.findFacts, factsKind: web?.factsKind };
  const claimOf = lock && ((image: ClaimedImage) => lock.sha256Of(image));
  const catalog = await openCatalog({ store, state, onWarning, hashesAll: !isS3, claimOf, ...facts });
  const log = options.log && (web?.counting(options.log) ?? options.log);
  const reserved = { ...limits, reservedDescriptors: web?.descriptors };
  const settings = { catalog, gatekeeper, tls, host, port, limits: reserved, timeouts, log, agent: AGENT };
  let server: Server | undefined;
  const end = async (graceMs: number) => {
    await Promise.all([server?.close({ graceMs }), web?.close(graceMs)]);
    await catalog.close();
    lock?.close();
  };
  try {
    server = await startServer(settings);
    web?.countConnections(server);
    const title = titleOf(folder);
    const stall = timeouts?.stall;
    await web?.start({ catalog, gatekeeper, tls, host, title, log, stall, protocolPort: server.port });
  } catch (error) {
    await end(0);
    throw error;
  }
  const addresses = server.addresses();
  return {
    port: server.port,
    addresses,
    galleries: web?.galleries(addresses) ?? [],
    survey: () => catalog.survey(),
    reload: () => {
      reload();
      void lock?.readAgain();
    },
    async close({ grace = 10, drain = 0 } = {}) {
      web?.drain();
      if (drain > 0) await sleep(drain * 1000);
      await end(grace * 1000);
    },
  };
}

function openStore(folder: string, options: ServeOptions): Promise<ImageStore> {
  const { also, onWarning, s3Endpoint: endpoint, s3VirtualHost: virtualHost } = options;
  if (isS3Url(folder)) return openS3(folder, { endpoint, virtualHost, onWarning, also });
  if (endpoint !== undefined)
    throw new UsageError(`s3Endpoint goes with s3://BUCKET/PREFIX, not with ${folder}.`);
  return openFolder(folder, { onWarning, also });
}

/** What the gallery calls it. */
function titleOf(folder: string): string {
  if (!isS3Url(folder)) return basename(resolve(folder)) || 'images';
  const { bucket, prefix } = placeOf(folder);
  return basename(prefix) || bucket;
}

/** Loaded only where it is wanted. */
function loadWeb(): typeof Web {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a server without HTTP starts without it
  return require('./web') as typeof Web;
}

/** Who may come in, and how. Throws USAGE. */
function openAccess(
  { tls: files, tokenFile, insecure }: ServeOptions,
  onWarning: (message: string) => void,
): Pick<WebOptions, 'tls' | 'gatekeeper'> & Pick<ServeHandle, 'reload'> {
  const tls = files && openTls(files, onWarning);
  const tokens = tokenFile === undefined ? undefined : openTokens(tokenFile, onWarning);
  const needsCertificate = files?.clientCa !== undefined;
  return {
    tls: tls && (() => tls.value),
    gatekeeper: new Gatekeeper({
      tokens: tokens && (() => tokens.value),
      needsCertificate,
      isInsecure: insecure,
    }),
    reload: () => {
      tls?.lookAgain();
      tokens?.lookAgain();
    },
  };
}
