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

export interface WebOptions {
  readonly catalog: Catalog;
  readonly gatekeeper: Gatekeeper;
  /** The certificate and key, as they are now. If this is given, the server speaks HTTPS only. */
  readonly tls?: (() => TlsMaterial) | undefined;
  /** Address to listen on; default 0.0.0.0. */
  readonly host?: string | undefined;
  /** TCP port; 0 takes any that is free. */
  readonly port: number;
  /** What the pages call the collection: the name of the folder. */
  readonly title: string;
  /** Where people find the server, if that is not where it listens: `https://nas.example.org/photos`. */
  readonly baseUrl?: string | undefined;
  /** Where the same images are served over reso's own protocol; undefined where they are not. */
  readonly protocolPort?: number | undefined;
  /** Names under which it may be called besides (see `hosts`). */
  readonly allowHosts?: readonly string[] | undefined;
  /** Origins whose pages may read images: `*`, or one of them. Default: none but its own. */
  readonly cors?: string | undefined;
  /** Addresses or networks (CIDR) of proxies whose X-Forwarded fields are believed. */
  readonly trustProxy?: readonly string[] | undefined;
  /** Makes smaller images of images; undefined where that can't be done. */
  readonly renderer?: Promise<Renderer | undefined> | undefined;
  /** Connections at once; default 2,048. One more is told BUSY. */
  readonly connections?: number | undefined;
  /** From one address, unless it is a trusted proxy's; default: a quarter of all. */
  readonly connectionsPerAddress?: number | undefined;
  /** Milliseconds for which a client may take no byte of what is ready for it. */
  readonly stall?: number | undefined;
  readonly metrics?: Metrics | undefined;
  readonly log?: Log | undefined;
}

/** What all requests share. */
export interface WebContext {
  readonly catalog: Catalog;
  readonly gatekeeper: Gatekeeper;
  readonly title: string;
  /** `/photos`, or empty: what stands before each path in the links of a page. */
  readonly basePath: string;
  /** For commands that people copy from a page. */
  readonly protocol: { readonly port: number; readonly isSecure: boolean } | undefined;
  readonly hosts: HostRules;
  readonly cors: string | undefined;
  readonly proxies: TrustedProxies;
  /** Wrong tokens on the login page. */
  readonly attempts: Attempts;
  /** Renditions that are being made or waited for, by address. */
  readonly renders: Shares;
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
