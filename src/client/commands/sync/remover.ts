import type { Stats } from 'node:fs';
import { rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LocalError, type ResoError } from '../../../errors';
import { diskError } from '../../disk/disk-errors';
import { forgetful, type IndexEntry } from '../../index/index-record';
import { isUntouched } from '../../index/vouch';
import type { SyncContext } from './context';
import type { SyncOutcome } from './options';

/** A file in the folder that is not wanted: the server, or the lock, does not have it. */
export interface Absent {
  readonly name: string;
  readonly found: Stats;
  /** What the index knows of it: a sync brought it. */
  readonly entry: IndexEntry | undefined;
  /** It is wanted all the same: under another spelling of its name, which the file system takes for this one. */
  readonly isHeld: boolean;
}

/** Files about which the server is asked at a time. */
const MOST_ACTIVE = 64;

/** Deletes files that are not listed, after asking for each whether it is really gone. */
export class Remover {
  readonly #context: SyncContext;
  readonly #active = new Set<Promise<void>>();
  #thrown: { readonly error: unknown } | undefined;

  constructor(context: SyncContext) {
    this.#context = context;
  }

  /** Resolves when there is room for another one. Throws what makes it of no use to go on. */
  async take(absent: Absent): Promise<void> {
    const { entry, found, isHeld } = absent;
    if (isHeld) return this.#leave(absent);
    if (!this.#context.options.force && !(entry && isUntouched(entry, found))) return this.#keep(absent);
    const removing = this.#remove(absent)
      .catch((error: unknown) => void (this.#thrown ??= { error }))
      .finally(() => this.#active.delete(removing));
    this.#active.add(removing);
    if (this.#active.size >= MOST_ACTIVE) await Promise.race(this.#active);
    this.#check();
  }

  async end(): Promise<void> {
    await Promise.all(this.#active);
    this.#check();
  }

  #check(): void {
    if (this.#thrown) throw this.#thrown.error;
  }

  async #remove(absent: Absent): Promise<void> {
    const { store, options, wanted } = this.#context;
    const why = await wanted.whyWanted(absent.name);
    if (why !== undefined) return this.#keepWanted(absent, why);
    if (!options.dryRun) {
      try {
        await this.#unlink(absent);
      } catch (cause) {
        return this.#report(absent, 'failed', diskError(cause, absent.name));
      }
      if (absent.entry) store.note(forgetful(absent.name));
    }
    this.#report(absent, 'deleted');
  }

  async #unlink({ name, found }: Absent): Promise<void> {
    const { output, options } = this.#context;
    const root = output.root;
    const now = await output.lookUp(name);
    if (!now) return;
    if (!options.force && now.ctimeMs !== found.ctimeMs) {
      throw new LocalError('EXISTS', 'It was changed just now, and is kept.', { image: name });
    }
    await unlink(join(root, name));
    // Folders that are empty now go, too.
    for (let folder = dirname(name); folder !== '.'; folder = dirname(folder)) {
      const isRemoved = await rmdir(join(root, folder)).then(
        () => true,
        () => false,
      );
      if (!isRemoved) return;
    }
  }

  /** What was told of the name that is wanted holds for the file; of this one nothing need be known any more. */
  #leave({ name, entry }: Absent): void {
    const { store, options } = this.#context;
    if (entry && !options.dryRun) store.note(forgetful(name));
  }

  #keepWanted(absent: Absent, why: string): void {
    this.#report(absent, 'kept', new LocalError('EXISTS', `${why}; it is kept.`, { image: absent.name }));
  }

  #keep(absent: Absent): void {
    const why = whyKept(absent);
    const from = this.#context.wanted.from.replace(/^t/, 'T');
    const message = `${from} does not have it; it is kept, for ${why}. --force deletes it.`;
    this.#report(absent, 'kept', new LocalError('EXISTS', message, { image: absent.name }));
  }

  #report({ name, found: { size } }: Absent, outcome: SyncOutcome, error?: ResoError): void {
    const { report } = this.#context;
    report({ name, outcome, error, code: error?.code, size, bytesReceived: 0, resumedFrom: 0, attempts: 0 });
  }
}

/** Where only its times are others, it may have been touched or copied. */
function whyKept({ entry, found }: Absent): string {
  if (!entry) return 'no sync brought it';
  if (entry.size !== found.size) return 'it was changed since a sync brought it';
  return 'it may have been changed since a sync brought it: its times are others';
}
