import { COMMANDS } from '../command-table';
import type { Given } from '../settings/settings';
import { candidatesFor } from './candidates';

const asked: { prefix: string; given: Given }[] = [];

beforeEach(() => asked.splice(0));

/** Candidates at the cursor, which stands behind `line`. */
async function at(line: string) {
  const words = line.split(' ');
  const current = words.pop()!;
  const { kind, list } = await candidatesFor(words, current, async (prefix, given) => {
    asked.push({ prefix, given });
    return [`${prefix}.jpg`];
  });
  return { kind, values: list.map(({ value }) => value) };
}

test('the commands', async () => {
  expect((await at('')).values).toEqual([...COMMANDS.map(({ name }) => name), 'help']);
  expect((await at('-s host s')).values).toEqual(['serve', 'sync']);
});

test.each([
  ['get --ret', ['--retry-from', '--retries']],
  ['ls --lo', ['--long']],
  ['ls --bw', []], // accepted, but not offered
  ['--serv', ['--server']],
  ['get -- --re', ['--re.jpg']],
  ['serve --log-level de', ['debug']],
  ['serve --log-level=', ['debug', 'info', 'warn', 'error', 'silent'].map((word) => `--log-level=${word}`)],
  ['ls --format ', ['names', 'sha256sum']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['token ', ['new']],
  ['help s', ['serve', 'sync']],
  ['token new ', []],
  ['health ', []],
  ['nonsense ', []],
  ['get -j ', []],
])('%j', async (line, values) => expect((await at(line)).values).toEqual(values));

test.each([
  ['serve ', 'folders'],
  ['sync -q ', 'folders'],
  ['get -o ', 'folders'],
  ['get -qo ', 'folders'],
  ['get --output=', 'folders'],
  ['get --files-from ', 'files'],
  ['verify --locked x.lock ', 'folders'],
  ['verify photos ', 'names'],
  ['sync --include ', 'names'],
  ['get img.jpg ', 'names'],
])('%j: %s', async (line, kind) => expect((await at(line)).kind).toBe(kind));

test.each(['get -s host:6000 im', 'get --server=host:6000 im', 'get -qshost:6000 im', '-s host:6000 get im'])(
  'names come from the server on the line: %s',
  async (line) => {
    expect(await at(line)).toEqual({ kind: 'names', values: ['im.jpg'] });
    expect(asked).toEqual([{ prefix: 'im', given: { server: 'host:6000' } }]);
  },
);
