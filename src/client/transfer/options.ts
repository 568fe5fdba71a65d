import type { Lock } from '../plan/lock-format';
import type { Progress } from '../progress';
import type { DownloadResult } from '../result';

export interface DownloadOptions {
  /** Folder under which images are put by their names; made where bytes arrive. Default `.`. */
  readonly output?: string | undefined;
  /** Replace files that differ from the server's. */
  readonly overwrite?: boolean | undefined;
  /** Report an image only once it would outlast a power loss: its bytes, its name and its folders are on the disk. */
  readonly durable?: boolean | undefined;
  /** Images to leave out: names, names of folders (all in them), or globs. */
  readonly exclude?: readonly string[] | undefined;
  /** Write nothing; the results say what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Deliver exactly the state that this names: names and globs select from it, what is in another state fails with LOCKED. */
  readonly locked?: Lock | undefined;
  /** Called for each image, in the order in which they are done. */
  readonly onResult?: ((result: DownloadResult) => void) | undefined;
  /** Counters to keep, for whoever shows them. */
  readonly progress?: Progress | undefined;
}
