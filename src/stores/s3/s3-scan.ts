import { nameFault } from '../../names';
import type { Scan, StoredEntry } from '../image-store';
import { LeftOutTally, type LeftOut, type LeftOutNames, type LeftOutReason } from '../left-out';
import type { KeyPage, ListedKey } from './bucket';
import { DoubleNameFinder, type DoubleNames } from './double-names';

/** Pages that are requested at the same time. */
const LISTERS = 8;

/** Lists the keys after `after`, on one page. Throws UNAVAILABLE, BUSY. */
export type ListKeys = (after: string | undefined) => Promise<KeyPage>;

export interface ScanOptions {
  readonly prefix: string;
  readonly list: ListKeys;
  /** Whether the object of this name is served, apart from what is wrong with the name. */
  readonly isServed: (name: string) => boolean;
  /** Keys between which about as much lies, in order: what was found last time. */
  readonly marks: readonly string[];
  /** Told at the end. */
  readonly onEnd: (found: ScanEnd) => void;
}

export interface ScanEnd {
  /** Such keys for the next scan. */
  readonly marks: readonly string[];
  readonly doubleNames: DoubleNames;
}

/** The keys after `after`, up to and including `until`. */
interface KeyRange {
  readonly after: string | undefined;
  readonly until: string | undefined;
  /** Told the names of images, in order. */
  readonly listed: (name: string) => void;
}

/**
 * One list of everything below the prefix. The pages of a list come one after the other, so several parts of the keys are
 * listed at once: those between keys that are known from the last time.
 */
export class S3Scan implements Scan {
  readonly #leftOut = new LeftOutTally();
  readonly #options: ScanOptions;
  /** The last key of each page. */
  readonly #ends: string[] = [];

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  get leftOut(): LeftOut {
    return this.#leftOut.counts;
  }

  get leftOutNames(): LeftOutNames {
    return this.#leftOut.names;
  }

  get batches(): AsyncIterable<readonly StoredEntry[]> {
    return this.#batches();
  }

  /** Whether an object may be read shows only when it is read. */
  checked(entries: readonly StoredEntry[]): Promise<readonly StoredEntry[]> {
    return Promise.resolve(entries);
  }

  async *#batches(): AsyncGenerator<readonly StoredEntry[]> {
    const { marks, prefix, onEnd } = this.#options;
    const doubles = new DoubleNameFinder(marks.map((key) => key.slice(prefix.length)));
    const ranges = rangesBetween(marks, doubles);
    // Each lister is one page ahead, whoever takes the batches.
    const running = new Map<number, Promise<Listed>>();
    let started = 0;
    const startNext = () => {
      const range = ranges[started];
      if (range) this.#start(running, started++, range);
    };
    try {
      for (let i = 0; i < LISTERS; i++) startNext();
      while (running.size > 0) {
        const { id, page, range } = await Promise.race(running.values());
        running.delete(id);
        const keys = page.keys.filter(({ key }) => !isBehind(key, range.until));
        const isOver =
          page.next === undefined || isBehind(page.next, range.until) || page.next === range.until;
        if (page.next !== undefined) this.#ends.push(page.next);
        if (isOver) startNext();
        else this.#start(running, id, { ...range, after: page.next });
        const entries = keys.flatMap((key) => this.#entry(key) ?? []);
        for (const { name } of entries) range.listed(name);
        yield entries;
      }
    } finally {
      await Promise.allSettled(running.values());
    }
    onEnd({ marks: evenly(this.#ends.sort(compareKeys)), doubleNames: doubles.all });
  }

  #start(running: Map<number, Promise<Listed>>, id: number, range: KeyRange): void {
    const listed = this.#options.list(range.after).then((page) => ({ id, page, range }));
    // It rejects where it is awaited; others may fail at the same time.
    listed.catch(() => undefined);
    running.set(id, listed);
  }

  #entry({ key, state }: ListedKey): StoredEntry | undefined {
    if (key === undefined || !state) {
      this.#leftOut.add('badName', '\ufffd');
      return undefined;
    }
    const name = key.slice(this.#options.prefix.length);
    // What consoles make for a folder that is empty, and name as the prefix itself.
    if (name === '') return undefined;
    const reason = this.#reasonToLeaveOut(name);
    if (reason !== undefined) {
      this.#leftOut.add(reason, name);
      return undefined;
    }
    const { size, mtime, version, changedAt } = state;
    return { name, size, mtime, version, changedAt };
  }

  #reasonToLeaveOut(name: string): LeftOutReason | undefined {
    if (nameFault(name) !== undefined) return isHidden(name) ? 'hidden' : 'badName';
    return this.#options.isServed(name) ? undefined : 'notImage';
  }
}

interface Listed {
  readonly id: number;
  readonly page: KeyPage;
  readonly range: KeyRange;
}

function rangesBetween(marks: readonly string[], doubles: DoubleNameFinder): KeyRange[] {
  return [...marks, undefined].map((until, i) => ({ after: marks[i - 1], until, listed: doubles.part() }));
}

function isBehind(key: string | undefined, until: string | undefined): boolean {
  return key !== undefined && until !== undefined && compareKeys(key, until) > 0;
}

/** S3 orders keys by the bytes of their UTF-8. */
function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A few of `ends`, so that the parts between them are about equal. */
function evenly(ends: readonly string[]): string[] {
  const step = Math.max(1, Math.ceil(ends.length / LISTERS));
  return ends.filter((_, i) => (i + 1) % step === 0);
}

/** Whether a part of the name begins with a dot, and nothing else is wrong with it. */
function isHidden(name: string): boolean {
  const isRelative = name.split('/').some((part) => part === '.' || part === '..');
  return !isRelative && nameFault(name.replace(/(^|\/)\.+/g, '$1x')) === undefined;
}
