import { join, sep } from 'node:path';
import { systemCode, systemPath, type ErrorCode, type ResoError } from '../../errors';
import { WORK_FOLDER } from '../disk/work-folder';

/** Errors that would be the same for every image, after all retries. */
const OF_SERVER: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['UNREACHABLE', 'UNAVAILABLE']);
/** File system errors that affect all images alike. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);
const READ_ONLY = 'EROFS';

/**
 * Knows whether a run can still download anything. A full disk or a lost server makes every further image fail: they all
 * share that one error.
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

  /** Throws the error that all images fail with, if any. */
  throwIfDoomed(): void {
    if (this.#doom) throw this.#doom;
  }

  /** The error of an image: `error`, or the earlier one if it is the same for all. */
  note(error: ResoError): ResoError {
    const code = systemCode(error.cause);
    const isOfDisk = FULL.has(code) || code === READ_ONLY;
    if (!OF_SERVER.has(error.code) && !isOfDisk && !this.#isOutput(error)) return error;
    this.#doom ??= error;
    const isSame = this.#doom.code === error.code && systemCode(this.#doom.cause) === code;
    return isSame ? this.#doom : error;
  }

  /** Why nothing can be written to the output folder, whatever the image. */
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
