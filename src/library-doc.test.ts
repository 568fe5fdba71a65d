import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { certificatePath, keyPath } from './access/fixtures/certificate';
import * as library from './index';

const root = join(__dirname, '..');

interface Example {
  readonly title: string;
  readonly code: string;
}

/** The TypeScript on a page, each named by the heading above it. */
function examplesOn(page: string): Example[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(({ 1: code, index }) => {
    const heading = /^#+ (.*)$/gm;
    const title = [...text.slice(0, index).matchAll(heading)].at(-1)![1]!;
    return { title: `${page}, ${title}`, code: code! };
  });
}

const examples = [...examplesOn('docs/library.md'), ...examplesOn('README.md')];
const hasOwnClient = ({ code }: Example) => code.includes('const client =');

let folder: string;
let port: number;
let server: library.ServeHandle;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reso-doc-'));
  cpSync(join(root, 'images'), join(folder, 'images'), { recursive: true });
  mkdirSync(join(folder, 'mirror'));
  copyFileSync(certificatePath('server'), join(folder, 'cert.pem'));
  copyFileSync(keyPath('server'), join(folder, 'key.pem'));
  copyFileSync(certificatePath('ca'), join(folder, 'ca.pem'));
  process.chdir(folder);
  server = await library.serve({ folder: 'images', host: '127.0.0.1', port: 0 });
  port = server.port;
});

afterEach(async () => {
  process.chdir(root);
  await server.close({ grace: 0 });
  rmSync(folder, { recursive: true });
});

const modules: Readonly<Record<string, unknown>> = { 'reso-images': library };

/** Runs an example as a module of its own, with top-level await. */
async function run(example: Example, globals: { client: library.Client; console: object }): Promise<void> {
  const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(example.code.replaceAll('5005', String(port)), {
    compilerOptions: options,
  });
  const body = outputText.replace(
    /^import \{ ([^}]+) \} from '([^']+)';$/gm,
    (_, names: string, from: string) => `const { ${names} } = load('${from}');`,
  );
  const load = (name: string): unknown => modules[name] ?? createRequire(__filename)(name);
  const script = `return (async () => {${body}\n})();`;
  const start = compileFunction(script, ['load', 'client', 'console']) as (
    ...given: unknown[]
  ) => Promise<void>;
  await start(load, globals.client, globals.console);
}

test.each(examples)('$title: the example runs', async (example) => {
  const lines: string[] = [];
  const log = (...words: unknown[]) => void lines.push(words.join(' '));
  const client = library.connect({ port });
  // It starts a server of its own on that port.
  if (example.code.includes('serve(')) await server.close({ grace: 0 });
  await run(example, { client, console: { log, warn: log } });
  client.close();
  expect(lines.filter((line) => /\b[1-9]\d* failed/.test(line))).toEqual([]);
});

test('the examples fit the types', () => {
  const files = examples.map((example, i) => {
    const file = join(folder, `example-${i}.mts`);
    const given = "import type { Client } from 'reso-images'; declare const client: Client; ";
    writeFileSync(file, `${hasOwnClient(example) ? '' : given}${example.code}`);
    return file;
  });
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: { 'reso-images': [join(root, 'src/index.ts')] },
  });
  const faults = files.flatMap((file, i) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(
        ({ messageText }) => `${examples[i]!.title}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      ),
  );
  expect(faults).toEqual([]);
});
