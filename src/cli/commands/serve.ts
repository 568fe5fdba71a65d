import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { UsageError } from '../../errors';
import { serve, type HttpOptions, type ServeHandle, type ServeOptions } from '../../index';
import { openServerLog, type ServerLog } from '../log/server-log';
import { EXIT, type ExitCode } from '../results/exit-code';
import { explain } from '../results/explain';
import type { ServeSettings } from '../settings/serve-options';
import type { Environment } from '../settings/settings';
import { integerFrom, isS3 } from '../settings/parse';
import { DEFAULT_PORT } from '../settings/server-address';
import { Questions } from '../terminal/questions';
import type { Terminal } from '../terminal/terminal';
import { whenAborted, onHangup } from './interrupt';
import { isSession, type CommandRun, type Invocation } from './invocation';
import { defaultCache, defaultState } from './state-folder';
import { surveyFields, surveyLine, type Access, type Offer } from './survey-line';

export const run: CommandRun<ServeSettings> = async (invocation) => {
  const { settings, terminal, signal, asides } = invocation;
  refuseContradictions(settings);
  const port = await choosePort(invocation);
  if (signal.aborted) return EXIT.interrupted;
  if (port === undefined) return EXIT.done;
  const serverLog = openServerLog(settings, terminal);
  asides.tellTo((aside) => serverLog.log.debug(aside));
  try {
    return await serveUntilStopped(invocation, port, serverLog);
  } finally {
    await serverLog.flush();
  }
};

async function serveUntilStopped(
  invocation: Invocation<ServeSettings>,
  port: number,
  serverLog: ServerLog,
): Promise<ExitCode> {
  const { settings, env, terminal, signal } = invocation;
  const warn = (message: string) => serverLog.say('warn', message);
  const state = settings.state ?? defaultState(settings.folder, env, warn);
  warnOfPlainTokens(settings, warn);
  const cache = settings.cache ?? defaultCache(env);
  const starting = serve({
    ...serveOptions({ ...settings, cache, s3Endpoint: s3EndpointFrom(settings, env) }),
    ...{ port, state, onWarning: warn, log: serverLog.log },
  });
  const handle = await Promise.race([starting, whenAborted(signal)]);
  if (!handle) return EXIT.done;
  limitGarbage();
  await announce(handle, terminal);
  onHangup(() => {
    serverLog.say('info', reloadNotice(settings));
    handle.reload();
  });
  void describe(handle, offerOf(settings, handle), serverLog, signal);
  await whenAborted(signal);
  const { drain, grace } = settings;
  const when = drain > 0 ? ` in ${drain} s, and not ready until then` : '';
  const fields = { ...(drain > 0 && { drain }), grace };
  serverLog.say('info', `stopping${when}: transfers in progress have ${grace} s to finish`, fields);
  await handle.close({ drain, grace });
  return EXIT.done;
}

/** What the log says on SIGHUP. */
export function reloadNotice({ tlsCert, tokenFile, lock }: ServeSettings): string {
  const files = [tlsCert && 'certificates', tokenFile && 'tokens', lock && 'the lock file'].filter(Boolean);
  if (files.length === 0) return 'nothing to reload: the server has no certificates, tokens or lock file';
  return `reloading ${new Intl.ListFormat('en-GB').format(files as string[])}`;
}

/** The AWS SDK's own variables serve as well: with an address of theirs the bucket is part of the path, too. */
function s3EndpointFrom({ folder, s3Endpoint }: ServeSettings, env: Environment): string | undefined {
  if (!isS3(folder)) return undefined;
  return s3Endpoint ?? (env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined);
}

function refuseContradictions({ tlsCert, tlsKey, clientCa, ...settings }: ServeSettings): void {
  const { folder, s3Endpoint } = settings;
  if (s3Endpoint !== undefined && !isS3(folder))
    throw new UsageError(`--s3-endpoint goes with s3://BUCKET/PREFIX, not with the folder ${folder}.`);
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UsageError('--tls-cert and --tls-key go together: give both.');
  if (clientCa !== undefined && tlsCert === undefined)
    throw new UsageError('--client-ca needs TLS: give --tls-cert and --tls-key as well.');
}

function warnOfPlainTokens(
  { tokenFile, tlsCert, insecure }: ServeSettings,
  warn: (message: string) => void,
): void {
  if (tokenFile === undefined || tlsCert !== undefined) return;
  warn(
    insecure
      ? 'Tokens are accepted over plain TCP (--insecure): anyone on the network path can read and use them.'
      : 'Without --tls-cert, tokens are accepted from this machine only.',
  );
}

async function choosePort(invocation: Invocation<ServeSettings>): Promise<number | undefined> {
  const { settings, terminal, signal } = invocation;
  if (settings.port !== undefined || !isSession(invocation)) return settings.port ?? DEFAULT_PORT;
  const questions = Questions.open(terminal, signal);
  try {
    return await questions.askFor('Enter desired port', integerFrom(0, 65_535), DEFAULT_PORT);
  } finally {
    questions.close();
  }
}

async function announce({ addresses, port, galleries }: ServeHandle, terminal: Terminal): Promise<void> {
  const lines = addresses.map((address) => `Running on IP: ${address}\n`);
  const [gallery] = galleries;
  const where = gallery === undefined ? '' : `Gallery: ${gallery}\n`;
  await terminal.print(`${lines.join('')}Running on port: ${port}\n${where}`);
}

function offerOf(settings: ServeSettings, { addresses, port }: ServeHandle): Offer {
  const { folder, tlsCert } = settings;
  const served = isS3(folder) ? folder : resolve(folder);
  return { folder: served, addresses, port, tls: tlsCert !== undefined, access: accessOf(settings) };
}

function accessOf({ tokenFile, clientCa }: ServeSettings): Access {
  if (clientCa === undefined) return tokenFile === undefined ? 'open' : 'tokens';
  return tokenFile === undefined ? 'certificates' : 'tokens and certificates';
}

/** Says what is served, once that is known: counting a million images takes a while. */
async function describe(
  handle: ServeHandle,
  offer: Offer,
  { say }: ServerLog,
  signal: AbortSignal,
): Promise<void> {
  try {
    const survey = await handle.survey();
    if (signal.aborted) return;
    say(survey.images === 0 ? 'warn' : 'info', surveyLine(survey, offer), surveyFields(survey, offer));
  } catch (error) {
    if (!signal.aborted) say('error', `can't count the images: ${explain(error)}`, { ...offer });
  }
}

const MOST_HTTP_CONNECTIONS = 2048;

function httpOptions(settings: ServeSettings): HttpOptions | undefined {
  const { noHttp, httpPort: port, baseUrl, allowHost: allowHosts, cors, trustProxy } = settings;
  const { cache, cacheSize, noRender, gps } = settings;
  if (noHttp) return undefined;
  const { maxConnections, maxConnectionsPerAddress } = settings;
  const limits = {
    // More would help no browser, and take descriptors from the protocol.
    connections: Math.min(maxConnections, MOST_HTTP_CONNECTIONS),
    connectionsPerAddress: maxConnectionsPerAddress || undefined,
  };
  const isOptional = port === undefined;
  const rendering = { cache, cacheSize, noRender, gps };
  return { port, isOptional, baseUrl, allowHosts, cors, trustProxy, ...rendering, ...limits };
}

/** The settings of the command line as options of the library. */
export function serveOptions(settings: ServeSettings): ServeOptions {
  const { folder, also, lock, s3Endpoint, s3VirtualHost, host } = settings;
  const { tlsCert, tlsKey, clientCa, tokenFile, insecure } = settings;
  const isEncrypted = tlsCert !== undefined && tlsKey !== undefined;
  return {
    folder,
    also,
    lock,
    s3Endpoint,
    s3VirtualHost,
    host,
    tls: isEncrypted ? { cert: tlsCert, key: tlsKey, clientCa } : undefined,
    tokenFile,
    insecure,
    http: httpOptions(settings),
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

/**
 * Makes V8 collect garbage before there is much of it. Its space for new objects would grow to 48 MB: without that, a
 * server with a thousand slow readers needs half the memory. Old objects would be collected when there are four times as
 * many as after the last time: now half as many again, which saves 45 MB while a million images are scanned. Both cost
 * hardly any processor time, even where small images are sent at full speed. Call it once the program is loaded: the
 * first space never shrinks.
 */
function limitGarbage(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
