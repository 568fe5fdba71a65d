import { describeCause, LocalError, ResoError } from '../../errors';
import type { Hope } from '../transfer/hope';

/** Throws what kept the index from being written, in words; what images failed for as well, as the same error. */
export function indexError(cause: unknown, hope: Hope): never {
  if (cause instanceof ResoError) throw hope.note(cause);
  const error = new LocalError(
    'DISK',
    `The index under .reso can't be written: ${describeCause(cause)}. Make room or mend that, then run it again.`,
    { cause },
  );
  throw hope.note(error);
}
