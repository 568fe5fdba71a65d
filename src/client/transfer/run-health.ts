import { join, sep } from 'node:path';
import { systemCode, systemPath, type ErrorCode, type ResoError } from '../../errors';
import { WORK_FOLDER } from '../disk/work-folder';

/** The same for each image, after all tries. */
const OF_SERVER: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['UNREACHABLE', 'UNAVAILABLE']);
/** Errors of a file system that concern all images alike. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);
const READ_ONLY = 'EROFS';

/**
 * Tells whether a run can still bring anything. A full disk or a lost server fails every further image: that is one
 * error, which all of them share, and not one for each.
 */
export class RunHealth {
  readonly #root: string;
  #doom: ResoError | undefined;

  /** `root` is the output folder. */
  constructor(root: string) {
    this.#root = root;
  }

  get isDoomed(): boolean {
    return this.#doom !== undefined;
  }

  /** Throws what all images fail for, if anything. */
  throwIfDoomed(): void {
    if (this.#doom) throw this.#doom;
  }

  /** What an image failed for: `error`, or the earlier one where that is the same for all. */
  note(error: ResoError): ResoError {
    const code = systemCode(error.cause);
    const isOfDisk = FULL.has(code) || code === READ_ONLY;
    if (!OF_SERVER.has(error.code) && !isOfDisk && !this.#isOutput(error)) return error;
    this.#doom ??= error;
    const isSame = this.#doom.code === error.code && systemCode(this.#doom.cause) === code;
    return isSame ? this.#doom : error;
  }

  /** Why nothing at all can be put into the output folder, which no image has anything to do with. */
  get unusableOutput(): ResoError | undefined {
    return this.#doom && this.#isOutput(this.#doom) ? this.#doom : undefined;
  }

  /** Whether it is about the output folder itself, a folder above it, or its work folder. */
  #isOutput({ code, cause }: ResoError): boolean {
    const path = systemPath(cause);
    if (code !== 'FOLDER' || path === undefined || FULL.has(systemCode(cause))) return false;
    return `${this.#root}${sep}`.startsWith(`${path}${sep}`) || path === join(this.#root, WORK_FOLDER);
  }
}
