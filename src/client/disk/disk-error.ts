import { describeCause, LocalError, ResoError } from '../../errors';

/** `cause` as an error of this machine's disk, unless it is one of ours already. */
export function diskError(cause: unknown, image?: string): ResoError {
  if (cause instanceof ResoError) return cause;
  return new LocalError(
    'DISK',
    `It can't be written: ${describeCause(cause)}. Make room or mend that, then run it again.`,
    { cause, image },
  );
}
