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

/** A file lies where a folder belongs, or a folder where a file does. */
export class InTheWay extends LocalError {
  /** What lies there, by its name below the output folder. */
  readonly obstacle: string;

  constructor(code: 'EXISTS' | 'FOLDER', message: string, obstacle: string, image?: string) {
    super(code, message, { image });
    this.obstacle = obstacle;
  }
}
