import type { StartedNetwork } from 'testcontainers';
import type { StartedResoServerContainer } from '../../src/testing';
import { HardenedServer } from './hardened-container';

export const SERVER = 'server';
export const PORT = 5005;

export interface ServerSetting {
  readonly network: StartedNetwork;
  /** Folder on this machine to be served. */
  readonly images: string;
  /** Volume for what the server remembers; default one that goes with the container. */
  readonly state?: string;
  /** Its name on the network; default `server`. */
  readonly alias?: string;
}

export function newServer({ network, images, state, alias = SERVER }: ServerSetting): HardenedServer {
  return new HardenedServer().withAlias(network, alias).withImages(images).withState(state).withCache();
}

/** A server as docker-compose.yml has it, reachable on port 5005; resolves once it is healthy. */
export async function startServer(setting: ServerSetting): Promise<StartedResoServerContainer> {
  return newServer(setting).start();
}
