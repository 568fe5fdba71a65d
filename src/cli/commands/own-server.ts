import type { ConnectOptions } from '../../index';
import { completeServer } from '../settings/client-options';
import { contentOf, firstTokenIn } from '../settings/credentials';
import { clientPort } from '../settings/server-address';
import { fromVariable, type Environment } from '../settings/settings';
import { nonEmpty } from '../settings/parse';

/** Where a server that listens on all addresses is reached from its own machine. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * How to reach the server that the same variables describe: the one in the same container. That it is the one is proven
 * by its very certificate, and where it asks for certificates that very one shows who asks. Throws USAGE.
 */
export function ownServer(env: Environment): ConnectOptions {
  const read = (variable: string) => fromVariable(variable, nonEmpty, env);
  const host = read('RESO_HOST');
  const [cert, key, clientCa, tokenFile] = [
    'RESO_TLS_CERT',
    'RESO_TLS_KEY',
    'RESO_CLIENT_CA',
    'RESO_TOKEN_FILE',
  ].map(read);
  const pinned = contentOf('RESO_TLS_CERT', cert);
  const own = clientCa === undefined ? {} : { cert: pinned, key: contentOf('RESO_TLS_KEY', key) };
  return {
    ...completeServer({
      host: host && (LOOPBACK[host] ?? host),
      port: fromVariable('RESO_PORT', clientPort, env),
    }),
    tls: pinned === undefined ? undefined : { pinned, ...own },
    token: tokenFile === undefined ? undefined : firstTokenIn(tokenFile),
  };
}
