import type { Stats } from 'node:fs';
import { ResoError } from '../../errors';
import type { ImageEntry } from '../../protocol';
import { askProof, askState } from '../ask';
import { findIdentical } from '../download/existing';
import { asLocked, isInState } from '../download/locked';
import type { LockedState, Selected } from '../download/select';
import type { SyncContext } from './context';
import type { SyncResult } from './options';

/** What would become of an image of which `found` lies here. */
export async function foresee(
  context: SyncContext,
  one: Selected & { readonly entry: ImageEntry },
  found: Stats | undefined,
): Promise<Pick<SyncResult, 'outcome' | 'sha256' | 'error' | 'code'>> {
  const { name, entry, locked } = one;
  const { pool } = context.source;
  if (!locked) {
    const identical = found && (await findIdentical(pool, name, context.output.path(name), found, entry));
    return { outcome: identical ? 'identical' : 'downloaded', sha256: identical?.sha256 ?? entry.sha256 };
  }
  if (found && (await isInState(context.output.path(name), name, found, locked))) {
    return { outcome: 'identical', sha256: locked.sha256 };
  }
  const error = await faultAtServer(context, name, locked);
  return error
    ? { outcome: 'failed', error, code: error.code }
    : { outcome: 'downloaded', sha256: locked.sha256 };
}

/** LOCKED, if the server does not have the image in that state. */
async function faultAtServer(
  { source: { pool } }: SyncContext,
  name: string,
  { size, sha256 }: LockedState,
): Promise<ResoError | undefined> {
  try {
    // For a digest the server may have to read the image.
    const state = await askState(pool, name);
    const isSame =
      state.size === size && (state.sha256 ?? (await askProof(pool, { name })).sha256) === sha256;
    return isSame ? undefined : differs(name);
  } catch (cause) {
    const error = asLocked(cause, name, false);
    if (error instanceof ResoError && error.code === 'LOCKED') return error;
    throw error;
  }
}

function differs(name: string): ResoError {
  const why = "The server's image is not the one that the lock file names.";
  return new ResoError('LOCKED', `${why} Bring it back there, or make a new lock file with 'reso lock'.`, {
    image: name,
  });
}
