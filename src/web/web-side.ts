import type { FindFacts } from '../catalog';
import { descriptorLimit, formatAddress } from '../connection';
import { ResoError } from '../errors';
import { openRenderer, type Renderer } from '../rendering';
import type { Log } from '../telemetry';
import { Metrics } from './metrics';
import type { WebOptions } from './options';
import { MOST_CONNECTIONS, startWebServer, type WebServer } from './web-server';

const DEFAULT_PORT = 8080;
/** The share of all file descriptors that HTTP connections may use. */
const SHARE = 0.1;
const DESCRIPTORS_OF_RENDERING = 32;

/** How a server's images are served over HTTP. */
export interface HttpOptions extends Pick<
  WebOptions,
  'baseUrl' | 'allowHosts' | 'cors' | 'trustProxy' | 'connections' | 'connectionsPerAddress'
> {
  /** TCP port; 0 picks a free one. Default 8080. */
  readonly port?: number | undefined;
  /** If the port is not available, warn and continue without HTTP. */
  readonly isOptional?: boolean | undefined;
  /** Folder for renditions, created if missing. Default: none are kept. */
  readonly cache?: string | undefined;
  /** Maximum size of that folder in bytes; default 2 GiB. */
  readonly cacheSize?: number | undefined;
  /** Make no renditions and read no facts. */
  readonly noRender?: boolean | undefined;
  /** Include where images were taken, if their metadata says so. */
  readonly gps?: boolean | undefined;
}

/** The parts that a server with HTTP has besides its catalog. */
export class WebSide {
  readonly #options: HttpOptions;
  readonly #onWarning: (message: string) => void;
  readonly #metrics = new Metrics();
  /** Checking whether images can be rendered starts a process; it is only awaited when it matters. */
  readonly #renderer: Promise<Renderer | undefined>;
  readonly #connections: number;
  #server: WebServer | undefined;

  constructor(options: HttpOptions, onWarning: (message: string) => void) {
    this.#options = options;
    this.#onWarning = onWarning;
    this.#renderer = this.#openRenderer();
    const affordable = Math.max(1, Math.floor(descriptorLimit() * SHARE));
    this.#connections = Math.min(options.connections ?? MOST_CONNECTIONS, affordable);
  }

  /** Reads facts for the catalog. */
  readonly findFacts: FindFacts = async (open, { isUrgent }) => {
    const renderer = await this.#renderer;
    return renderer?.facts(async () => renderer.sourceOf(await open()), { urgent: isUrgent });
  };

  /** Identifies the kind of facts: those with a location are stored separately. */
  get factsKind(): string {
    return this.#options.gps ? 'gps' : 'plain';
  }

  /** File descriptors it may need: each connection and each decoder process can have an image open. */
  get descriptors(): number {
    return 2 * this.#connections + DESCRIPTORS_OF_RENDERING;
  }

  /** A log that also counts for the metrics. */
  counting(log: Log): Log {
    return this.#metrics.counting(log);
  }

  /** In addition to those of the protocol's server. */
  countConnections(server: { readonly connections: number }): void {
    this.#metrics.gauges('reso_connections', 'Open connections.', 'by', {
      http: () => this.#server?.connections ?? 0,
      protocol: () => server.connections,
    });
    this.#metrics.gauge(
      'reso_watches',
      'HTTP requests that wait for a change.',
      () => this.#server?.watches ?? 0,
    );
  }

  /** Throws PORT, USAGE. */
  async start(settings: Omit<WebOptions, 'port' | 'renderer' | 'metrics'>): Promise<void> {
    const { port = DEFAULT_PORT, isOptional, ...options } = this.#options;
    const connections = this.#connections;
    const beside = { renderer: this.#renderer, metrics: this.#metrics, port, connections };
    try {
      this.#server = await startWebServer({ ...settings, ...options, ...beside });
    } catch (error) {
      if (!isOptional || !(error instanceof ResoError) || error.code !== 'PORT') throw error;
      this.#onWarning(`No gallery: ${error.message} Choose another port with --http-port.`);
    }
  }

  /** URLs of the gallery: the configured base URL, or one for each address of the server. */
  galleries(addresses: readonly string[]): string[] {
    const server = this.#server;
    if (!server) return [];
    if (this.#options.baseUrl !== undefined) return [this.#options.baseUrl];
    return addresses.map((address) => `${server.scheme}://${formatAddress(address, server.port)}/`);
  }

  /** From now on it is not ready, but answers every request. */
  drain(): void {
    this.#server?.drain();
  }

  async close(graceMs: number): Promise<void> {
    await this.#server?.close(graceMs);
    await (await this.#renderer)?.close();
  }

  async #openRenderer(): Promise<Renderer | undefined> {
    const { cache, cacheSize, gps, noRender } = this.#options;
    if (noRender) return undefined;
    const renderer = await openRenderer({ cache, cacheSize, gps, onWarning: this.#onWarning });
    if (renderer) countRenditions(this.#metrics, renderer);
    return renderer;
  }
}

function countRenditions(metrics: Metrics, renderer: Renderer): void {
  const read = (key: keyof Renderer['counts']) => () => renderer.counts[key];
  metrics.gauge('reso_renders_queued', 'Renditions and facts waiting for a process.', read('queued'));
  metrics.gauge('reso_renders_running', 'Renditions and facts being made.', read('running'));
  metrics.gauge('reso_cache_bytes', 'Size of the cache.', read('cacheBytes'));
  metrics.counter('reso_renders_total', 'Renditions made since the start.', read('rendered'));
  metrics.counter('reso_pyramids_total', 'Pyramids of large images made since the start.', read('pyramids'));
  metrics.counter('reso_renders_failed_total', 'Renditions that could not be made.', read('failed'));
  metrics.counter('reso_cache_hits_total', 'Renditions found in the cache.', read('cacheHits'));
  metrics.counter('reso_cache_misses_total', 'Renditions not found in the cache.', read('cacheMisses'));
  metrics.counter(
    'reso_render_processes_lost_total',
    'Decoder processes that ended while working on an image.',
    read('restarts'),
  );
}
