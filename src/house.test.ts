import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Who may import whom: docs/architecture.md, "Modules". What is in no module is a file directly in src. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  errors: [],
  files: [],
  names: ['errors'],
  lock: ['errors', 'names'],
  facts: [],
  pace: ['names'],
  protocol: ['errors', 'facts', 'names'],
  connection: ['errors', 'protocol'],
  stores: ['errors', 'files', 'names', 'pace'],
  catalog: ['errors', 'facts', 'files', 'names', 'pace', 'stores'],
  access: ['errors', 'names'],
  telemetry: ['errors', 'names'],
  rendering: ['errors', 'facts', 'files'],
  server: ['errors', 'names', 'protocol', 'connection', 'catalog', 'access', 'telemetry'],
  web: ['errors', 'facts', 'names', 'pace', 'connection', 'catalog', 'access', 'rendering', 'telemetry'],
  // Text that pages with and without scripts share; the build for browsers refuses what only Node has.
  gallery: ['web'],
  client: ['errors', 'files', 'lock', 'names', 'protocol', 'connection', 'telemetry'],
  cli: ['errors', 'names', 'index.ts'],
  testing: ['errors', 'index.ts'],
};

/** Packages that a module may load; the others may load only those of Node. */
const MAY_LOAD: Record<string, readonly string[]> = {
  catalog: ['lmdb'],
  web: ['prom-client'],
  stores: ['@aws-sdk/client-s3'],
  gallery: ['preact', 'preact/hooks', 'thumbhash', 'openseadragon', 'hash-wasm'],
  cli: ['commander', 'pino'],
  rendering: ['sharp', 'thumbhash'],
  testing: ['testcontainers'],
};

/** More files than this, tests aside, are hard to keep in mind. */
const MOST_FILES_IN_A_FOLDER = 20;

/** The same within the client. Files directly in it tie its folders together or are used by all of them. */
const CLIENT_MAY_IMPORT: Record<string, readonly string[]> = {
  'client/commands': ['client/plan', 'client/index', 'client/transfer', 'client/net', 'client/disk'],
  'client/transfer': ['client/transfer/lanes', 'client/plan', 'client/net', 'client/disk'],
  'client/transfer/lanes': ['client/net', 'client/disk'],
  'client/index': ['client/plan', 'client/disk'],
  'client/plan': ['client/disk'],
  'client/net': [],
  'client/disk': [],
};
const USED_IN_ALL_OF_THE_CLIENT = ['client/progress.ts', 'client/result.ts'];

const src = __dirname;
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const known = new Set(files);
const isTest = (file: string) => file.endsWith('.test.ts') || file.includes('/fixtures/');
const moduleOf = (file: string) => file.split('/')[0]!;

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const pattern = /(?:from\s+|import\s+|import\(|require\()'([^']+)'/g;
  return [...text.matchAll(pattern)].map(([, specifier]) => specifier!);
}

/** What a file imports beside packages, types included: files of src, or a path that leads out of it. */
function targetsOf(file: string): string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(dirname(file), specifier))
    .map(
      (path) => [`${path}.ts`, `${path}.tsx`, join(path, 'index.ts')].find((one) => known.has(one)) ?? path,
    );
}

describe.each(files.filter((file) => file.includes('/') && !isTest(file)))('%s', (file) => {
  const module = moduleOf(file);

  test('belongs to a module', () => expect(Object.keys(MAY_IMPORT)).toContain(module));

  test('imports only what its module may', () => {
    const foreign = targetsOf(file)
      .map(moduleOf)
      .filter((target) => target !== module);
    expect(foreign.filter((target) => !MAY_IMPORT[module]?.includes(target))).toEqual([]);
  });

  test('loads only the packages that its module may', () => {
    const packages = importsOf(file).filter(
      (specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'),
    );
    expect(packages.filter((name) => !MAY_LOAD[module]?.includes(name))).toEqual([]);
  });
});

/** The folder of the client's map that a file lies in: the deepest one that it names. */
function clientFolderOf(file: string): string | undefined {
  const folders = Object.keys(CLIENT_MAY_IMPORT).filter((folder) => file.startsWith(`${folder}/`));
  return folders.sort((a, b) => b.length - a.length)[0];
}

const inClientFolders = files.filter((file) => /^client\/.*\//.test(file) && !isTest(file));

test.each(inClientFolders)('%s imports only what its folder of the client may', (file) => {
  const folder = clientFolderOf(file);
  const foreign = targetsOf(file).filter((target) => {
    if (moduleOf(target) !== 'client' || USED_IN_ALL_OF_THE_CLIENT.includes(target)) return false;
    const other = clientFolderOf(target);
    return other !== folder && !(other && CLIENT_MAY_IMPORT[folder ?? '']?.includes(other));
  });
  expect(foreign).toEqual([]);
});

test('no folder holds too many files', () => {
  const counts = new Map<string, number>();
  for (const folder of files.filter((file) => !isTest(file)).map(dirname))
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  const full = [...counts].filter(([, count]) => count > MOST_FILES_IN_A_FOLDER).map(([folder]) => folder);
  expect(full).toEqual([]);
});

/** Follows arrows depth first. Whoever comes back to where the way has been has walked in a circle. */
function circlesIn(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  function walk(from: string, way: readonly string[]): void {
    if (way.includes(from)) return void circles.push([...way.slice(way.indexOf(from)), from].join(' → '));
    if (done.has(from)) return;
    for (const to of arrows.get(from) ?? []) walk(to, [...way, from]);
    done.add(from);
  }
  for (const from of arrows.keys()) walk(from, []);
  return circles;
}

test('files do not import each other in a circle', () => {
  const arrows = new Map(files.map((file) => [file, targetsOf(file)]));
  expect(circlesIn(arrows)).toEqual([]);
});

test('folders of a module do not import each other in a circle', () => {
  const arrows = new Map<string, string[]>();
  for (const file of files.filter((file) => !isTest(file))) {
    const from = dirname(file);
    // What lies in the module itself stands above its folders, or below all of them.
    const to = targetsOf(file)
      .map(dirname)
      .filter(
        (folder) => folder !== from && !folder.startsWith(`${from}/`) && !from.startsWith(`${folder}/`),
      );
    arrows.set(from, [...(arrows.get(from) ?? []), ...to]);
  }
  expect(circlesIn(arrows)).toEqual([]);
});

test('the protocol opens no socket and no file and looks at no clock', () => {
  const impure = files
    .filter((file) => moduleOf(file) === 'protocol' && !isTest(file))
    .filter(
      (file) =>
        importsOf(file).some((one) => one.startsWith('node:') && one !== 'node:crypto') ||
        /Date\.now|new Date|performance\.now|setTimeout/.test(readFileSync(join(src, file), 'utf8')),
    );
  expect(impure).toEqual([]);
});
