import { spawnSync } from 'node:child_process';

/** The programs that the benchmark runs besides reso, and how each prints its version. */
const PROGRAMS: Record<string, readonly string[]> = {
  nginx: ['-v'],
  curl: ['--version'],
  aria2c: ['--version'],
  wget: ['--version'],
  rsync: ['--version'],
  nc: ['-h'],
  tar: ['--version'],
  cp: ['--version'],
  diff: ['--version'],
  sha256sum: ['--version'],
  openssl: ['version'],
};

/** The installed programs, with their versions. nginx is in sbin, which is not in every PATH. */
export function findPrograms(): Map<string, string> {
  process.env['PATH'] = `${process.env['PATH']}:/usr/sbin:/sbin`;
  const found = new Map<string, string>();
  for (const [name, args] of Object.entries(PROGRAMS)) {
    const { error, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' });
    if (!error) found.set(name, `${stdout}${stderr}`.trim().split('\n')[0] ?? '');
  }
  return found;
}

export function missingPrograms(found: ReadonlyMap<string, string>): string[] {
  return Object.keys(PROGRAMS).filter((name) => !found.has(name));
}
