import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes, compressed, that a browser loads before it shows images. */
const MOST = 45 * 1024;

test('the first load is small', () => {
  const esbuild = require.resolve('esbuild/bin/esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'reso-gallery-'));
  const sizes = ['main.tsx', 'style.css'].map((entry) => {
    const out = join(folder, entry);
    const jsx = ['--jsx=automatic', '--jsx-import-source=preact'];
    const args = ['--bundle', '--minify', '--format=esm', ...jsx, `--outfile=${out}`, '--log-level=error'];
    execFileSync(esbuild, [join(__dirname, entry), ...args]);
    return gzipSync(readFileSync(out), { level: 9 }).length;
  });
  rmSync(folder, { recursive: true });
  expect(sizes[0]! + sizes[1]!).toBeLessThan(MOST);
});
