import { COMMANDS, type CommandName } from './command-table';
import type { Invocation } from './commands/invocation';
import { captured } from './fixtures/captured';
import { LOAD } from './load-command';
import { Asides } from './log/asides';
import { runProgram } from './program';
import { givenServer } from './settings/client-options';

jest.mock('./commands/interrupt', () => ({ interruptSignal: () => new AbortController().signal }));

/** What Kubernetes sets where there is a service that is called reso. */
const SERVICE = {
  RESO_PORT: 'tcp://10.0.0.1:5005',
  RESO_PORT_5005_TCP: 'tcp://10.0.0.1:5005',
  RESO_SERVICE_HOST: '10.0.0.1',
  RESO_SERVICE_PORT: '5005',
};

afterEach(() => jest.restoreAllMocks());

/** Of commands that need some. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { token: ['new'], completion: ['bash'] };

/** What the command that `argv` names is run with, and what was said before. */
async function invoked(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const name = argv.find((word) => word in LOAD) as CommandName;
  const run = jest.fn<Promise<0>, [Invocation<Record<string, unknown>>]>().mockResolvedValue(0);
  jest.spyOn(LOAD, name).mockReturnValue(run as never);
  const { terminal, err } = captured();
  expect(await runProgram({ argv, env, terminal, asides: new Asides() })).toBe(0);
  return { ...run.mock.calls[0]![0], said: err() };
}

test.each(COMMANDS.map(({ name }) => name))('%s runs beside a service that is called reso', async (name) => {
  const { settings, env, said } = await invoked([name, ...(ARGUMENTS[name] ?? [])], {
    ...SERVICE,
    RESO_QUIET: '1',
  });
  expect(settings.port).toBeUndefined();
  expect(givenServer(undefined, env)).toEqual({ port: undefined });
  expect(said).toBe('');
});

test('a port of our own counts', async () => {
  const { settings, env } = await invoked(['serve'], { RESO_PORT: '6000' });
  expect([settings.port, givenServer(undefined, env).port]).toEqual([6000, 6000]);
});

test('-v says which variable is ignored', async () => {
  expect((await invoked(['ls', '-v'], SERVICE)).said).toMatch(/^reso: Ignoring RESO_PORT=tcp:.*\n$/);
});

describe('options before the command', () => {
  test('are those of a client', async () => {
    const { settings } = await invoked(['-s', 'host', '-q', '--timeout=2m', 'ls', '-l']);
    expect(settings).toMatchObject({ server: [{ host: 'host' }], quiet: true, timeout: 120, long: true });
  });

  test('count less than those after it', async () => {
    const { settings } = await invoked(['-s', 'one', 'get', '-s', 'two', 'img.jpg']);
    expect(settings).toMatchObject({ server: [{ host: 'two' }] });
  });

  test.each([
    [['-s', 'host', 'serve'], '--server is not an option of serve.'],
    [['-o', 'x', 'get', 'img.jpg'], "Unknown option '-o'."],
  ])('%j is refused', async (argv, message) => expect(await refusal(argv)).toBe(message));
});

test('a URL names the image and the server', async () => {
  const { settings, names } = await invoked(['get', 'resos://host:7000/cats/a%20b.jpg'], {
    RESO_SERVER: 'x',
  });
  expect(names).toEqual(['cats/a b.jpg']);
  expect(settings).toMatchObject({ server: [{ host: 'host', port: 7000, tls: true }] });
  expect(await refusal(['get', '-s', 'other', 'reso://host/a.jpg'])).toMatch(/^One run talks to one server/);
});

/** What is said to who calls it so. */
async function refusal(argv: readonly string[]): Promise<string> {
  const { terminal } = captured();
  const ended = runProgram({ argv, env: {}, terminal, asides: new Asides() });
  return ended.then(
    () => 'nothing',
    (error: Error) => error.message,
  );
}

test.each([
  [['gett'], "Unknown command 'gett'. Did you mean get?"],
  [['get', '--outptu', 'x'], "Unknown option '--outptu'. Did you mean --output?"],
  [['copy'], "Unknown command 'copy'. To download images, use get"],
  [['help', 'copy'], "Unknown command 'copy'. To download images, use get"],
  [['help', 'nothing'], "Unknown command 'nothing'."],
  [['get', '-x8', 'a.jpg'], "Unknown option '-x8'. For more connections in parallel, use -j N."],
  [['get', '--parallel-max=8', 'a.jpg'], "Unknown option '--parallel-max=8'. For more connections"],
  [['get', '-C', '-', 'a.jpg'], "Unknown option '-C'. Leave it out: interrupted downloads resume"],
  [['sync', '-av'], "Unknown option '-av'. Leave it out: sync always includes subfolders"],
  [['get', 'http://host/a.jpg'], 'must begin with reso:// or resos://, not http://'],
  [['sync', 'host:5005', 'x'], 'Name the server with --server: reso sync -s host:5005 x'],
  [['sync', 'a', 'b'], 'Name the server with --server: reso sync -s HOST[:PORT] b'],
  [['sync', 'x', 'host:x'], 'serve it: reso serve x'],
  [['sync', 'rsync://host/x'], "'rsync://host/x' looks like an address. Name the server with --server"],
  [['verify', 'host:5005'], "'host:5005' looks like an address."],
  [['serve', 'gs://bucket'], 'It takes one folder'],
  [['sync', 's3://bucket'], 'Name the server with --server'],
  [['health', 'host'], 'reso health -s HOST'],
])('%j: %s', async (argv, message) => expect(await refusal(argv)).toContain(message));

test.each(['backup-12:30', 'a:b', 'C:'])('a folder may be called %s', async (name) => {
  expect((await invoked(['sync', name])).settings['dir']).toBe(name);
});
