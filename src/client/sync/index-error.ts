import { describeCause, LocalError, ResoError } from '../../errors';

/** Throws what kept the index from being written, in words. */
export function indexError(cause: unknown): never {
  if (cause instanceof ResoError) throw cause;
  throw new LocalError(
    'DISK',
    `The index under .reso can't be written: ${describeCause(cause)}. Make room or mend that, then run it again.`,
    { cause },
  );
}
