import type { Lock } from '../../lock';
import type { Progress } from '../progress';
import type { DownloadResult } from '../result';

export interface DownloadOptions {
  /** Folder in which images are stored under their names; created when bytes arrive. Default `.`. */
  readonly output?: string | undefined;
  /** Replace files that differ from the server's. */
  readonly overwrite?: boolean | undefined;
  /** Report an image only once it survives a power failure: its bytes, its name and its folders are on the disk. */
  readonly durable?: boolean | undefined;
  /** Images to leave out: names, names of folders (everything in them), or globs. */
  readonly exclude?: readonly string[] | undefined;
  /** Write nothing; the results say what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Deliver exactly this state: names and globs select from it, and images in another state fail with LOCKED. */
  readonly locked?: Lock | undefined;
  /** Called for each image, in the order of completion. */
  readonly onResult?: ((result: DownloadResult) => void) | undefined;
  /** Counters to update, for a progress display. */
  readonly progress?: Progress | undefined;
}
