// Compiles src into dist: the library file by file, the program as one file, which starts in half the time.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = `${root}dist`;
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });

const program = await build({
  absWorkingDir: root,
  entryPoints: ['dist/cli/main.js'],
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  // import() would need a loader of its own where the program is started from its code cache.
  supported: { 'dynamic-import': false },
  external: ['lmdb', 'pino'],
  outfile: 'dist/cli/main.js',
});
rmSync(`${dist}/cli`, { recursive: true });
mkdirSync(`${dist}/cli`);
writeFileSync(`${dist}/cli/program.js`, program.outputFiles[0].text.replace(/^#!.*\n/, ''));
copyFileSync(`${root}scripts/start.js`, `${dist}/cli/main.js`);
chmodSync(`${dist}/cli/main.js`, 0o755);
copyFileSync(`${root}node_modules/commander/LICENSE`, `${dist}/cli/LICENSE.commander`);
execFileSync(process.execPath, [`${root}scripts/code-cache.mjs`], { stdio: 'inherit' });
