import type { ImageState } from '../../protocol';
import type { DownloadContext } from './context';
import { mismatch } from './failures';
import type { Incoming } from '../disk/incoming';
import type { Target } from './target';

export interface Arrived {
  readonly name: string;
  /** All its bytes. */
  readonly incoming: Incoming;
  readonly target: Target;
  readonly state: ImageState | undefined;
  /** Hexadecimal: what the image is known to have. */
  readonly sha256: string;
}

type PlacingContext = Pick<DownloadContext, 'durability' | 'nameLocks' | 'output' | 'overwrite'>;

/** Proves what has arrived, and gives it its name. Throws DIGEST_MISMATCH, EXISTS, FOLDER and DISK. */
export function place(arrived: Arrived, context: PlacingContext): Promise<void> {
  if (context.overwrite) return placeNow(arrived, context);
  // Nothing may come between the look at what lies there and the rename, of which no system call makes one.
  return context.nameLocks.withLock(arrived.name, () => placeNow(arrived, context));
}

async function placeNow(arrived: Arrived, context: PlacingContext): Promise<void> {
  const { name, incoming, target, state, sha256 } = arrived;
  const { durability, output } = context;
  const digest = await incoming.digest();
  if (digest !== sha256) throw mismatch(name, sha256, digest);
  await output.makeParents(name);
  await target.keepOthers(state);
  await incoming.commit(output.path(name), durability !== undefined);
  await durability?.enter(name);
}
