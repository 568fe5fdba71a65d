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
import { Questions } from '../terminal/questions';
import { INTERRUPTED } from './batch';
import { download } from './download';
import type { Invocation } from './invocation';
import { asksForList, completer, printNames } from './session-names';

/** Asks for what is not given of the server's address, and then for one image after the other. */
export async function runSession(invocation: Invocation<GetSettings>): Promise<ExitCode> {
  const { terminal, signal } = invocation;
  const questions = Questions.open(terminal, signal);
  try {
    const server = await askServers(questions, invocation);
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

/** Several are not asked about. */
async function askServers(
  questions: Questions,
  invocation: Invocation<GetSettings>,
): Promise<readonly ServerAddress[] | undefined> {
  const { server: given } = invocation.settings;
  if (given.length > 1) return given;
  const server = await askServer(questions, given[0], invocation);
  return server && [server];
}

/** Undefined at the end of the input. */
async function askServer(
  questions: Questions,
  named: ServerAddress | undefined,
  { env }: Invocation<GetSettings>,
): Promise<ServerAddress | undefined> {
  const given = givenServer(named, env);
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
  const { names, terminal } = invocation;
  await probe(invocation);
  const client = connect(connectOptions(invocation));
  const forTab = new Impatient(invocation);
  const complete = completer(() => forTab.client);
  try {
    if (names.length > 0)
      await attempt(invocation, (printer) => download(client, names, printer, invocation));
    for (;;) {
      const name = await questions.ask('Enter file name on server', complete);
      if (name === undefined || name === '') return;
      await attempt(invocation, async (printer) => {
        if (questions.isTerminal && (await asksForList(client, name))) await printNames(client, terminal);
        else await download(client, [name], printer, invocation);
      });
    }
  } finally {
    client.close();
    forTab.close();
  }
}

/** A person who mistyped the address should learn of it at once, not after all retries. */
async function probe(invocation: Invocation<GetSettings>): Promise<void> {
  const impatient = new Impatient(invocation);
  try {
    await impatient.client.ping();
  } finally {
    impatient.close();
  }
}

/** A client that tries nothing again, and says nothing. Made when it is used. */
class Impatient {
  readonly #invocation: Invocation<GetSettings>;
  #client: Client | undefined;

  constructor(invocation: Invocation<GetSettings>) {
    this.#invocation = invocation;
  }

  get client(): Client {
    return (this.#client ??= connect({
      ...connectOptions(this.#invocation),
      retries: 0,
      onRetry: undefined,
    }));
  }

  close(): void {
    this.#client?.close();
  }
}

/** Says what goes wrong, and goes on. Throws once the session is interrupted. */
async function attempt(
  { settings, terminal, signal }: Invocation<GetSettings>,
  run: (printer: GetPrinter) => Promise<void>,
): Promise<void> {
  const printer = new GetPrinter(terminal, { ...settings, session: true });
  try {
    await run(printer);
  } catch (error) {
    if (!signal.aborted) return printer.fail(error);
    terminal.say(INTERRUPTED);
    throw error;
  }
}
