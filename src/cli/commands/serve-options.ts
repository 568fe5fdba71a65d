import type { ServeOptions } from '../../index';
import type { ServeSettings } from '../settings/options';

/** What the command line says of a server, as the library takes it. */
export function serveOptions(settings: ServeSettings): ServeOptions {
  const { folder, also, host, tlsCert, tlsKey, clientCa, tokenFile, insecure } = settings;
  const isEncrypted = tlsCert !== undefined && tlsKey !== undefined;
  return {
    folder,
    also,
    host,
    tls: isEncrypted ? { cert: tlsCert, key: tlsKey, clientCa } : undefined,
    tokenFile,
    insecure,
    limits: {
      connections: settings.maxConnections,
      connectionsPerAddress: settings.maxConnectionsPerAddress,
      outstanding: settings.maxOutstanding,
      page: settings.maxPage,
      idle: settings.idleTimeout * 1000,
    },
    timeouts: {
      hello: settings.helloTimeout * 1000,
      frame: settings.frameTimeout * 1000,
      stall: settings.stallTimeout * 1000,
    },
  };
}
