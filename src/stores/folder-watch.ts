import { statfsSync, watch, type BigIntStats, type FSWatcher } from 'node:fs';

/** Folders that are watched at most: systems limit that, and others want to watch as well. */
const MOST_FOLDERS = 4096;

/**
 * Local file systems, on which Linux tells of every change, whoever makes it on this machine: ext2 to ext4, XFS, Btrfs,
 * tmpfs, F2FS, ZFS, overlayfs. On others (NFS, SMB, FUSE) some changes come unnoticed. Numbers: statfs(2).
 */
const LOCAL = new Set([0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0xf2f5_2010, 0x2fc1_2fc1, 0x794c_7630]);

interface Watched {
  readonly ino: bigint;
  readonly watcher: FSWatcher;
}

/** Notices that something in a folder, or below it, was changed, without looking through it. */
export class FolderWatch {
  readonly #folders = new Map<string, Watched>();
  #device: bigint | undefined;
  #isReliable: boolean;
  #changes = 0;

  constructor(root: string) {
    this.#isReliable = process.platform === 'linux' && isLocal(root);
  }

  /** How often something was changed so far, or more often; undefined where that can't be relied upon. */
  get changes(): number | undefined {
    return this.#isReliable && this.#folders.has('') ? this.#changes : undefined;
  }

  /** Watches the folder that is open as `fd`; to be called before it is read. */
  add(name: string, fd: number, { ino, dev }: BigIntStats): void {
    if (!this.#isReliable) return;
    this.#device ??= dev;
    // Another file system is mounted there: of what kind, nobody has looked.
    if (dev !== this.#device) return this.#giveUp();
    const known = this.#folders.get(name);
    if (known?.ino === ino) return;
    known?.watcher.close();
    if (this.#folders.size >= MOST_FOLDERS) return this.#giveUp();
    this.#watch(name, fd, ino);
  }

  /** Stops watching folders that are not there any more. */
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

  /** By its descriptor it is this very folder, whatever has taken the place of its path. */
  #watch(name: string, fd: number, ino: bigint): void {
    try {
      const watcher = watch(`/proc/self/fd/${fd}`, { persistent: false }, () => void this.#changes++);
      watcher.on('error', () => this.#giveUp());
      this.#folders.set(name, { ino, watcher });
    } catch {
      // The system has no room for one more.
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
