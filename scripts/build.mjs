// Compiles src into dist: the library file by file; the program, and those of a lane's thread and of a process that decodes
// images, as one file each, which start in half the time.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lazyModules } from './lazy-modules.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = `${root}dist`;
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const { manPage } = createRequire(import.meta.url)(`${dist}/cli/man-page.js`);
writeFileSync(`${dist}/reso.1`, manPage(version));

const bundled = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  // import() would need its own loader when the program is started from its code cache.
  supported: { 'dynamic-import': false },
  external: ['@aws-sdk/client-s3', 'lmdb', 'pino', 'sharp'],
  // What is shorter is read sooner; names stay, for those who read a stack trace.
  plugins: [
    lazyModules(
      'node:crypto',
      'node:child_process',
      'node:cluster',
      'node:fs/promises',
      'node:timers/promises',
    ),
  ],
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'ascii',
};
const program = await build({ ...bundled, entryPoints: ['dist/cli/main.js'], outfile: 'dist/cli/main.js' });
const thread = 'dist/client/transfer/lanes/thread.js';
const threadProgram = await build({ ...bundled, entryPoints: [thread], outfile: thread });
writeFileSync(`${root}${thread}`, threadProgram.outputFiles[0].text);
const child = 'dist/rendering/child/main.js';
const childProgram = await build({ ...bundled, entryPoints: [child], outfile: child });
// What it was made of is used by nothing else.
rmSync(`${dist}/rendering/child`, { recursive: true });
mkdirSync(`${dist}/rendering/child`);
writeFileSync(`${root}${child}`, childProgram.outputFiles[0].text);
copyFileSync(`${root}src/rendering/child/LICENSE.thumbhash`, `${dist}/rendering/child/LICENSE.thumbhash`);

/** What browsers load. The part that zooms is large, and is loaded only where somebody zooms. */
const forBrowsers = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: ['es2022', 'chrome115', 'firefox115', 'safari16.4'],
  charset: 'utf8',
  legalComments: 'eof',
  logLevel: 'warning',
};
const gallery = (entry, outfile, options = {}) =>
  build({
    ...forBrowsers,
    ...options,
    entryPoints: [`src/gallery/${entry}`],
    outfile: `dist/gallery/${outfile}`,
  });
await Promise.all([
  gallery('main.tsx', 'gallery.js', { format: 'esm', jsx: 'automatic', jsxImportSource: 'preact' }),
  gallery('style.css', 'gallery.css'),
  gallery('viewer/zoom.ts', 'zoom.js', { format: 'esm' }),
  gallery('viewer/hash-worker.ts', 'hash-worker.js', { format: 'iife' }),
]);

rmSync(`${dist}/cli`, { recursive: true });
mkdirSync(`${dist}/cli`);
const source = program.outputFiles[0].text.replace(/^#!.*\n/, '');
// start.js reads it as ASCII.
if (/[^\0-\x7f]/.test(source)) throw new Error('The program contains characters beyond ASCII.');
const head = '(function (exports, require, module, __filename, __dirname) {';
writeFileSync(`${dist}/cli/program.js`, `${head}${source}\n})\n`);
copyFileSync(`${root}scripts/start.js`, `${dist}/cli/main.js`);
chmodSync(`${dist}/cli/main.js`, 0o755);
for (const shell of ['bash', 'zsh', 'fish'])
  copyFileSync(`${root}src/cli/completion/completion.${shell}`, `${dist}/cli/completion.${shell}`);
copyFileSync(`${root}node_modules/commander/LICENSE`, `${dist}/cli/LICENSE.commander`);
execFileSync(process.execPath, [`${root}scripts/code-cache.mjs`], { stdio: 'inherit' });
