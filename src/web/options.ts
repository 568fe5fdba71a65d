import type { Gatekeeper, TlsMaterial } from '../access';
import type { Catalog } from '../catalog';
import type { BufferPool } from '../connection';
import type { Renderer } from '../rendering';
import type { Log } from '../telemetry';
import type { Attempts } from './attempts';
import type { GridCache } from './grid/grid-cache';
import type { HostRules } from './hosts';
import type { Metrics } from './metrics';
import type { Shares } from './shares';
import type { Watches } from './watches';

export interface WebOptions {
  readonly catalog: Catalog;
  readonly gatekeeper: Gatekeeper;
  /** Returns the current certificate and key. If it is set, the server speaks only HTTPS. */
  readonly tls?: (() => TlsMaterial) | undefined;
  /** Address to listen on; default 0.0.0.0. */
  readonly host?: string | undefined;
  /** TCP port; 0 picks a free one. */
  readonly port: number;
  /** The title of the pages: the name of the folder. */
  readonly title: string;
  /** The public URL, if it differs from the address it listens on: `https://nas.example.org/photos`. */
  readonly baseUrl?: string | undefined;
  /** Where the same images are served over reso's own protocol, if they are. */
  readonly protocolPort?: number | undefined;
  /** Additional host names to answer to (see `hosts`). */
  readonly allowHosts?: readonly string[] | undefined;
  /** The origin whose pages may read images, or `*`. Default: only the server's own. */
  readonly cors?: string | undefined;
  /** Addresses or networks (CIDR) of proxies whose X-Forwarded fields are trusted. */
  readonly trustProxy?: readonly string[] | undefined;
  /** Makes renditions; undefined if that is not possible. */
  readonly renderer?: Promise<Renderer | undefined> | undefined;
  /** Connections at once; default 2,048. Further ones get BUSY. */
  readonly connections?: number | undefined;
  /** Connections from one address that is not a trusted proxy; default: a quarter of all. */
  readonly connectionsPerAddress?: number | undefined;
  /** Milliseconds that a client may stop reading while data is waiting for it. */
  readonly stall?: number | undefined;
  readonly metrics?: Metrics | undefined;
  readonly log?: Log | undefined;
}

/** State shared by all requests. */
export interface WebContext {
  readonly catalog: Catalog;
  readonly gatekeeper: Gatekeeper;
  readonly title: string;
  /** Prefix of every path in links: `/photos`, or empty. */
  readonly basePath: string;
  /** For commands that people copy from a page. */
  readonly protocol: { readonly port: number; readonly isSecure: boolean } | undefined;
  readonly hosts: HostRules;
  readonly cors: string | undefined;
  readonly proxies: TrustedProxies;
  /** Wrong tokens on the login page. */
  readonly attempts: Attempts;
  /** Renditions in progress or waiting, by address. */
  readonly renders: Shares;
  /** Requests that wait for changes. */
  readonly watches: Watches;
  readonly renderer: Promise<Renderer | undefined>;
  readonly grids: GridCache;
  readonly buffers: BufferPool;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Whether the server has begun to shut down. */
  isClosing(): boolean;
}

export interface TrustedProxies {
  readonly isEmpty: boolean;
  trusts(address: string): boolean;
}
