import { describeCause, LocalError, ResoError } from '../../errors';

/** `cause` as a DISK error, unless it already is an error of reso. */
export function diskError(cause: unknown, image?: string): ResoError {
  if (cause instanceof ResoError) return cause;
  return new LocalError(
    'DISK',
    `Can't write it: ${describeCause(cause)}. Make room or fix the problem, then run the command again.`,
    { cause, image },
  );
}

/** There is a file where a folder belongs, or a folder where a file does. */
export class InTheWay extends LocalError {
  /** The path of the obstacle, relative to the output folder. */
  readonly obstacle: string;

  constructor(code: 'EXISTS' | 'FOLDER', message: string, obstacle: string, image?: string) {
    super(code, message, { image });
    this.obstacle = obstacle;
  }
}
