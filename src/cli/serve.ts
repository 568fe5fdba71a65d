import { serve, type ServeHandle } from '../index';
import { EXIT } from './exit-code';
import { explain } from './failure';
import { given } from './interrupt';
import { isSession, type CommandRun, type Invocation } from './invocation';
import { lineLog } from './line-log';
import { LineQueue } from './line-queue';
import type { ServeSettings } from './options';
import { integerFrom } from './parse';
import { Questions } from './questions';
import { DEFAULT_PORT } from './server-address';
import { defaultState } from './state-folder';
import { surveyLine } from './survey-line';
import type { Terminal } from './terminal';

/** Seconds for deliveries that are under way when the server is told to stop. */
const GRACE = 10;

export const run: CommandRun<ServeSettings> = async (invocation) => {
  const { settings, env, terminal, signal } = invocation;
  const port = await choosePort(invocation);
  if (signal.aborted) return EXIT.interrupted;
  if (port === undefined) return EXIT.done;
  const warn = (message: string) => terminal.say(`reso: ${message}`);
  const starting = serve({
    folder: settings.folder,
    host: settings.host,
    port,
    state: settings.state ?? defaultState(settings.folder, env, warn),
    onWarning: warn,
    log: lineLog((line) => terminal.say(line), settings.verbose),
  });
  const handle = await Promise.race([starting, given(signal)]);
  if (!handle) return EXIT.done;
  await announce(handle, terminal);
  void describe(handle, invocation);
  await given(signal);
  await handle.close({ grace: GRACE });
  return EXIT.done;
};

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

/** Says what is served, once that is known: with many images that takes a while. */
async function describe(handle: ServeHandle, { terminal, signal }: Invocation<ServeSettings>): Promise<void> {
  try {
    const survey = await handle.survey();
    if (!signal.aborted) terminal.say(`reso: ${surveyLine(survey)}`);
  } catch (error) {
    if (!signal.aborted) terminal.say(`reso: the images could not be counted. ${explain(error)}`);
  }
}
