import { LocalError } from '../../errors';

/** A file lies where a folder belongs, or a folder where a file does. */
export class InTheWay extends LocalError {
  /** What lies there, by its name below the output folder. */
  readonly obstacle: string;

  constructor(code: 'EXISTS' | 'FOLDER', message: string, obstacle: string, image?: string) {
    super(code, message, { image });
    this.obstacle = obstacle;
  }
}
