import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { copyRepository, REPOSITORY } from './checkout';
import { runToSuccess } from './run-command';

/** Gives a copy of the repository the packages that `npm ci` would, without fetching them again. */
export async function linkPackages(checkout: string): Promise<void> {
  await symlink(join(REPOSITORY, 'node_modules'), join(checkout, 'node_modules'));
}

/** Builds the command line in a copy of the repository, which anybody may read; resolves to that copy. */
export async function buildProgram(): Promise<string> {
  const checkout = await copyRepository();
  await chmod(checkout, 0o755);
  await linkPackages(checkout);
  await runToSuccess({ cwd: checkout }, 'npm', 'run', 'build');
  return checkout;
}

/** Packs a copy of the repository, which builds it, too; resolves to the package's path and what is in it. */
export async function packInto(target: string, checkout: string): Promise<{ path: string; files: string[] }> {
  const printed = await runToSuccess(
    { cwd: checkout },
    'npm',
    'pack',
    '--json',
    '--pack-destination',
    target,
  );
  const [packed] = JSON.parse(printed.slice(printed.indexOf('['))) as [
    { filename: string; files: { path: string }[] },
  ];
  return { path: join(target, packed.filename), files: packed.files.map(({ path }) => path) };
}
