import { Wait, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { HardenedContainer } from './hardened-container';

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

export function newServer({ network, images, state, alias = SERVER }: ServerSetting): HardenedContainer {
  const server = new HardenedContainer('server')
    .withAlias(network, alias)
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forLogMessage(`Running on port: ${PORT}`));
  const served = { source: images, target: '/images', mode: 'ro' } as const;
  if (state === undefined) return server.withBindMounts([served]).withAnonymousVolume('/state');
  return server.withBindMounts([served, { source: state, target: '/state' }]);
}

/** A server as docker-compose.yml has it, reachable on port 5005; resolves once it accepts connections. */
export async function startServer(setting: ServerSetting): Promise<StartedTestContainer> {
  return newServer(setting).start();
}
