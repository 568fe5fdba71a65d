import { COMMANDS } from './command-table';
import type { Invocation } from './commands/invocation';
import { captured } from './fixtures/captured';
import { Asides } from './log/asides';
import { runProgram } from './program';
import { givenServer } from './settings/client-options';

/** What Kubernetes sets where there is a service that is called reso. */
const SERVICE = {
  RESO_PORT: 'tcp://10.0.0.1:5005',
  RESO_PORT_5005_TCP: 'tcp://10.0.0.1:5005',
  RESO_SERVICE_HOST: '10.0.0.1',
  RESO_SERVICE_PORT: '5005',
};

afterEach(() => jest.restoreAllMocks());

/** What the command that `argv` names is run with, and what was said before. */
async function invoked(argv: readonly string[], env: Readonly<Record<string, string>>) {
  const command = COMMANDS.find(({ name }) => name === argv[0])!;
  const run = jest.fn<Promise<0>, [Invocation<{ port?: unknown }>]>().mockResolvedValue(0);
  jest.spyOn(command, 'load').mockReturnValue(run as never);
  const { terminal, err } = captured();
  expect(await runProgram({ argv, env, terminal, asides: new Asides() })).toBe(0);
  return { ...run.mock.calls[0]![0], said: err() };
}

test.each(COMMANDS.map(({ name }) => name))('%s runs beside a service that is called reso', async (name) => {
  const { settings, env, said } = await invoked(name === 'token' ? [name, 'new'] : [name], {
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
  expect((await invoked(['ls', '-v'], SERVICE)).said).toMatch(/^reso: RESO_PORT=tcp:.* is ignored\.\n$/);
});
