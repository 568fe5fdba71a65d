import { ResoError } from '../../errors';
import type { ImageState } from '../../protocol';
import { askProof, askState } from '../net/ask';
import type { Pool } from '../net/pool';
import type { LockedState, Selected } from '../plan/select';
import type { DownloadResult } from '../result';
import type { DownloadContext } from './context';
import { asLocked, differsFromLock, unexpected } from './failures';
import { Target } from './target';

/** Predicts the result of downloading an image. Writes nothing, and requests no image bytes. */
export async function foresee(one: Selected, context: DownloadContext): Promise<DownloadResult> {
  const { name, entry } = one;
  const nothingSent = { bytesReceived: 0, resumedFrom: 0, attempts: 0 };
  try {
    context.health.throwIfDoomed();
    return { name, ...(await outcomeOf(one, context)), ...nothingSent };
  } catch (cause) {
    const own = cause instanceof ResoError ? cause : unexpected(cause, name);
    const error = context.health.note(own);
    return { name, outcome: 'failed', error, code: error.code, size: entry?.size, ...nothingSent };
  }
}

type Foreseen = Pick<DownloadResult, 'outcome' | 'replaced' | 'size' | 'mtime' | 'version' | 'sha256'>;

async function outcomeOf(one: Selected, context: DownloadContext): Promise<Foreseen> {
  const target = new Target(one.name, context, one.locked);
  const identical = await target.lookForIdentical(one.entry, one.looked);
  if (identical) return { outcome: 'identical', ...stateOf(identical) };
  // Throws FOLDER if nothing can be written.
  await context.work.for(one.name);
  const state = await askForState(context.pool, one);
  return { outcome: 'downloaded', replaced: target.isTaken, ...stateOf(state) };
}

function stateOf({ size, mtime, version, sha256 }: ImageState): ImageState {
  return { size, mtime, version, sha256 };
}

/** The state in which the server would send an image. Throws the error that the download would fail with, such as LOCKED. */
export async function askForState(pool: Pool, { name, entry, locked }: Selected): Promise<ImageState> {
  if (!locked) return entry ?? askState(pool, name);
  try {
    return await askForLocked(pool, name, locked);
  } catch (cause) {
    throw asLocked(cause, name, false);
  }
}

async function askForLocked(pool: Pool, name: string, { size, sha256 }: LockedState): Promise<ImageState> {
  const state = await askState(pool, name);
  if (state.size !== size) throw differsFromLock(name);
  // The server may have to read the image for its digest.
  const found = state.sha256 ?? (await askProof(pool, { name })).sha256;
  if (found !== sha256) throw differsFromLock(name);
  return { ...state, sha256 };
}
