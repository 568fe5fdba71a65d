import { setFlagsFromString } from 'node:v8';
import { UsageError } from '../../errors';
import { serve, type ServeHandle, type ServeOptions } from '../../index';
import { openServerLog, type ServerLog } from '../log/server-log';
import { EXIT, type ExitCode } from '../results/exit-code';
import { explain } from '../results/explain';
import type { ServeSettings } from '../settings/options';
import { integerFrom } from '../settings/parse';
import { DEFAULT_PORT } from '../settings/server-address';
import { LineQueue } from '../terminal/line-queue';
import { Questions } from '../terminal/questions';
import type { Terminal } from '../terminal/terminal';
import { whenAborted, onHangup } from './interrupt';
import { isSession, type CommandRun, type Invocation } from './invocation';
import { defaultState } from './state-folder';
import { surveyLine } from './survey-line';

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
  const starting = serve({
    ...serveOptions(settings),
    ...{ port, state, onWarning: warn, log: serverLog.log },
  });
  const handle = await Promise.race([starting, whenAborted(signal)]);
  if (!handle) return EXIT.done;
  limitYoungObjects();
  await announce(handle, terminal);
  onHangup(() => {
    serverLog.say('info', 'reloading certificates and tokens');
    handle.reload();
  });
  void describe(handle, serverLog, signal);
  await whenAborted(signal);
  serverLog.log.info('stopping', { grace: settings.grace });
  await handle.close({ grace: settings.grace });
  return EXIT.done;
}

function refuseContradictions({ tlsCert, tlsKey, clientCa }: ServeSettings): void {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UsageError('--tls-cert and --tls-key must be used together.');
  if (clientCa !== undefined && tlsCert === undefined)
    throw new UsageError('--client-ca requires TLS: add --tls-cert and --tls-key.');
}

function warnOfPlainTokens(
  { tokenFile, tlsCert, insecure }: ServeSettings,
  warn: (message: string) => void,
): void {
  if (tokenFile === undefined || tlsCert !== undefined) return;
  warn(
    insecure
      ? 'Tokens are accepted over plain TCP (--insecure): others on the network can read and use them.'
      : 'Without --tls-cert, tokens are accepted from this machine only.',
  );
}

async function choosePort(invocation: Invocation<ServeSettings>): Promise<number | undefined> {
  const { settings, terminal, signal } = invocation;
  if (settings.port !== undefined || !isSession(invocation)) return settings.port ?? DEFAULT_PORT;
  const questions = new Questions(new LineQueue(process.stdin, signal), terminal);
  try {
    return await questions.askFor('Enter desired port', integerFrom(0, 65_535), DEFAULT_PORT);
  } finally {
    questions.close();
  }
}

async function announce({ addresses, port }: ServeHandle, terminal: Terminal): Promise<void> {
  const lines = addresses.map((address) => `Running on IP: ${address}\n`);
  await terminal.print(`${lines.join('')}Running on port: ${port}\n`);
}

/** Logs what is served, once that is known: with many images that takes a while. */
async function describe(handle: ServeHandle, { say }: ServerLog, signal: AbortSignal): Promise<void> {
  try {
    const survey = await handle.survey();
    if (!signal.aborted) say('info', surveyLine(survey));
  } catch (error) {
    if (!signal.aborted) say('error', `can't count the images: ${explain(error)}`);
  }
}

/** Converts the settings to the library's options. */
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

/**
 * Keeps V8's space for new objects from growing to its usual 48 MB. That halves the memory of a server with a thousand
 * slow readers, and costs one that delivers small images at full speed hardly any processor time. Call it once the program
 * is loaded: the space never shrinks.
 */
function limitYoungObjects(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
