import { connect, type Client } from '../../index';
import { EXIT, type ExitCode } from '../results/exit-code';
import { GetPrinter } from '../results/get-printer';
import { connectOptions, givenServer } from '../settings/client-options';
import type { GetSettings } from '../settings/options';
import {
  clientPort,
  DEFAULT_HOST,
  DEFAULT_PORT,
  parseServer,
  type ServerAddress,
} from '../settings/server-address';
import { LineQueue } from '../terminal/line-queue';
import { Questions } from '../terminal/questions';
import { INTERRUPTED } from './batch';
import { download } from './download';
import type { Invocation } from './invocation';

/** Asks for what is not given of the server's address, and then for one image after the other. */
export async function runSession(invocation: Invocation<GetSettings>): Promise<ExitCode> {
  const { terminal, signal } = invocation;
  const questions = new Questions(new LineQueue(process.stdin, signal), terminal);
  try {
    const server = await askServer(questions, invocation);
    if (server)
      await serveAnswers(questions, { ...invocation, settings: { ...invocation.settings, server } });
    return signal.aborted ? EXIT.interrupted : EXIT.done;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    questions.close();
  }
}

/** Undefined at the end of the input. */
async function askServer(
  questions: Questions,
  { settings, env }: Invocation<GetSettings>,
): Promise<ServerAddress | undefined> {
  const given = givenServer(settings.server, env);
  const address = given.host === undefined ? await askAddress(questions) : { host: given.host };
  if (!address) return undefined;
  const port = given.port ?? address.port ?? (await questions.askFor('Enter port', clientPort, DEFAULT_PORT));
  const tls = given.tls ?? address.tls;
  return port === undefined ? undefined : { host: address.host, port, ...(tls && { tls }) };
}

/** A person who answers `HOST:PORT` is not asked for the port. */
function askAddress(questions: Questions): Promise<ServerAddress | undefined> {
  return questions.askFor<ServerAddress>('Enter ip', parseServer, { host: DEFAULT_HOST });
}

async function serveAnswers(questions: Questions, invocation: Invocation<GetSettings>): Promise<void> {
  await probe(invocation);
  const client = connect(connectOptions(invocation));
  try {
    if (invocation.names.length > 0) await answer(client, invocation.names, invocation);
    for (;;) {
      const name = await questions.ask('Enter file name on server');
      if (name === undefined || name === '') return;
      await answer(client, [name], invocation);
    }
  } finally {
    client.close();
  }
}

/** A person who mistyped the address should learn of it at once, not after all retries. */
async function probe(invocation: Invocation<GetSettings>): Promise<void> {
  const client: Client = connect({ ...connectOptions(invocation), retries: 0 });
  try {
    await client.ping();
  } finally {
    client.close();
  }
}

async function answer(
  client: Client,
  names: readonly string[],
  invocation: Invocation<GetSettings>,
): Promise<void> {
  const { settings, terminal, signal } = invocation;
  const printer = new GetPrinter(terminal, { ...settings, session: true });
  try {
    await download(client, names, printer, invocation);
  } catch (error) {
    if (!signal.aborted) return printer.fail(error);
    terminal.say(INTERRUPTED);
    throw error;
  }
}
