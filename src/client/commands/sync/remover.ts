import type { Stats } from 'node:fs';
import { rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LocalError, type ResoError } from '../../../errors';
import { diskError } from '../../disk/disk-errors';
import { forgetful, type IndexEntry } from '../../index/index-record';
import { isUntouched } from '../../index/vouch';
import type { SyncContext } from './context';
import type { SyncOutcome } from './options';

/** A file in the folder that the server, or the lock, does not have. */
export interface Absent {
  readonly name: string;
  readonly found: Stats;
  /** Its entry in the index, if a sync downloaded it. */
  readonly entry: IndexEntry | undefined;
  /** The file is wanted after all: under another spelling of its name, which the file system does not distinguish. */
  readonly isHeld: boolean;
}

/** Files checked with the server at the same time. */
const MOST_ACTIVE = 64;

/** Deletes files that are not listed, after checking with the server that each is really gone. */
export class Remover {
  readonly #context: SyncContext;
  readonly #active = new Set<Promise<void>>();
  #thrown: { readonly error: unknown } | undefined;

  constructor(context: SyncContext) {
    this.#context = context;
  }

  /** Resolves when there is room for another one. Throws if there is no point in continuing. */
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
      throw new LocalError('EXISTS', 'It has just been changed, so it is kept.', { image: name });
    }
    await unlink(join(root, name));
    // Folders that are empty now are removed too.
    for (let folder = dirname(name); folder !== '.'; folder = dirname(folder)) {
      const isRemoved = await rmdir(join(root, folder)).then(
        () => true,
        () => false,
      );
      if (!isRemoved) return;
    }
  }

  /** The result under the wanted name covers the file; the index need not know this spelling any more. */
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
    const message = `${from} does not have it, but it is kept because ${why}. Use --force to delete it.`;
    this.#report(absent, 'kept', new LocalError('EXISTS', message, { image: absent.name }));
  }

  #report({ name, found: { size } }: Absent, outcome: SyncOutcome, error?: ResoError): void {
    const { report } = this.#context;
    report({ name, outcome, error, code: error?.code, size, bytesReceived: 0, resumedFrom: 0, attempts: 0 });
  }
}

/** If only its times differ, it may have been touched or copied. */
function whyKept({ entry, found }: Absent): string {
  if (!entry) return 'no sync downloaded it';
  if (entry.size !== found.size) return 'it was changed after a sync downloaded it';
  return 'it may have been changed after a sync downloaded it: its times differ';
}
