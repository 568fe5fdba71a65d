import { statfsSync, watch, type BigIntStats, type FSWatcher } from 'node:fs';
import { RecentChanges } from './recent-changes';

/** Most watched folders: systems limit watches, and other programs need some too. */
const MOST_FOLDERS = 4096;

/**
 * Local file systems, on which Linux reports every change made on this machine: ext2 to ext4, XFS, Btrfs, tmpfs, F2FS,
 * ZFS, overlayfs. On others (NFS, SMB, FUSE) some changes go unnoticed. Numbers: statfs(2).
 */
const LOCAL = new Set([0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0xf2f5_2010, 0x2fc1_2fc1, 0x794c_7630]);

interface Watched {
  readonly ino: bigint;
  readonly watcher: FSWatcher;
}

/** Notices changes in a folder and below it, without scanning it. */
export class FolderWatch {
  readonly #folders = new Map<string, Watched>();
  #device: bigint | undefined;
  #isReliable: boolean;
  readonly #changes = new RecentChanges();

  constructor(root: string) {
    this.#isReliable = process.platform === 'linux' && isLocal(root);
  }

  /** An upper bound of the number of changes so far; undefined if changes may go unnoticed. */
  get changes(): number | undefined {
    return this.#isReliable && this.#folders.has('') ? this.#changes.count : undefined;
  }

  /** Names of files and folders that may have changed since the count was `changes`; undefined if they are not known. */
  since(changes: number): readonly string[] | undefined {
    return this.changes === undefined ? undefined : this.#changes.since(changes);
  }

  /** Watches the folder that is open as `fd`; call it before reading the folder. */
  add(name: string, fd: number, { ino, dev }: BigIntStats): void {
    if (!this.#isReliable) return;
    this.#device ??= dev;
    // Another file system, of unknown type, is mounted there.
    if (dev !== this.#device) return this.#giveUp();
    const known = this.#folders.get(name);
    if (known?.ino === ino) return;
    known?.watcher.close();
    if (this.#folders.size >= MOST_FOLDERS) return this.#giveUp();
    this.#watch(name, fd, ino);
  }

  /** Stops watching folders that no longer exist. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const [name, { watcher }] of this.#folders) {
      if (names.has(name)) continue;
      watcher.close();
      this.#folders.delete(name);
    }
  }

  close(): void {
    this.#isReliable = false;
    this.keepOnly(new Set());
  }

  /** The descriptor leads to exactly this folder, even if its path was replaced. */
  #watch(name: string, fd: number, ino: bigint): void {
    const prefix = name === '' ? '' : `${name}/`;
    try {
      const watcher = watch(`/proc/self/fd/${fd}`, { persistent: false }, (_, changed) => {
        // A change of the folder itself comes with the last part of the path that is watched.
        const isItself = changed === null || changed === String(fd);
        this.#changes.add(isItself ? undefined : `${prefix}${changed}`);
      });
      watcher.on('error', () => this.#giveUp());
      this.#folders.set(name, { ino, watcher });
    } catch {
      // The system allows no more watches.
      this.#giveUp();
    }
  }

  #giveUp(): void {
    this.close();
  }
}

function isLocal(root: string): boolean {
  try {
    return LOCAL.has(statfsSync(root).type);
  } catch {
    return false;
  }
}
