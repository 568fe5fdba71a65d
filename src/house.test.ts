import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Who may import whom: docs/architecture.md, "Rooms". What is not a room is a file directly in src. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  errors: [],
  files: [],
  names: ['errors'],
  protocol: ['errors', 'names'],
  connection: ['errors', 'protocol'],
  stores: ['errors', 'files', 'names'],
  catalog: ['errors', 'files', 'names', 'stores'],
  access: ['errors', 'names'],
  telemetry: ['errors', 'names'],
  server: ['errors', 'names', 'protocol', 'connection', 'catalog', 'access', 'telemetry'],
  client: ['errors', 'files', 'names', 'protocol', 'connection', 'telemetry'],
  cli: ['errors', 'names', 'index.ts'],
  testing: ['errors', 'index.ts'],
};

/** Packages that a room may load; all others only Node's own. */
const MAY_LOAD: Record<string, readonly string[]> = {
  catalog: ['lmdb'],
  cli: ['commander', 'pino'],
  testing: ['testcontainers'],
};

const src = __dirname;
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const isTest = (file: string) => file.endsWith('.test.ts') || file.includes('/fixtures/');
const roomOf = (file: string) => file.split('/')[0]!;

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const pattern = /(?:from\s+|import\s+|import\(|require\()'([^']+)'/g;
  return [...text.matchAll(pattern)].map(([, specifier]) => specifier!);
}

describe.each(files.filter((file) => file.includes('/') && !isTest(file)))('%s', (file) => {
  const room = roomOf(file);

  test('belongs to a room', () => expect(Object.keys(MAY_IMPORT)).toContain(room));

  test('imports only what its room may', () => {
    const foreign = importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => relative(src, resolve(dirname(join(src, file)), specifier)))
      .map((target) => (target === 'index' || target === '' ? 'index.ts' : roomOf(target)))
      .filter((target) => target !== room);
    expect(foreign.filter((target) => !MAY_IMPORT[room]?.includes(target))).toEqual([]);
  });

  test('loads only the packages that its room may', () => {
    const packages = importsOf(file).filter(
      (specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'),
    );
    expect(packages.filter((name) => !MAY_LOAD[room]?.includes(name))).toEqual([]);
  });
});

test('files are small', () => {
  const long = files
    .filter((file) => !isTest(file))
    .filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > 300);
  expect(long).toEqual([]);
});

test('the protocol opens no socket and no file and looks at no clock', () => {
  const impure = files
    .filter((file) => roomOf(file) === 'protocol' && !isTest(file))
    .filter(
      (file) =>
        importsOf(file).some((one) => one.startsWith('node:') && one !== 'node:crypto') ||
        /Date\.now|new Date|performance\.now|setTimeout/.test(readFileSync(join(src, file), 'utf8')),
    );
  expect(impure).toEqual([]);
});
