import type { Database } from 'lmdb';
import { MAX_NAME_BYTES } from '../../names';
import type { ImageStore, Scan, StoredEntry } from '../../stores';
import { cancelled } from '../catalog';
import { Pace } from '../../pace';
import { findingsOf, type EntryTable, type ScanFindings, type TableObserver } from '../table/entry-table';
import { isSameState, marked, UnreadableFinds } from '../table/unreadable-finds';
import type { LmdbRoot } from './root';
import { EMPTY_SUMMARY, Tally, type TableSummary } from './table-summary';

/** The key of the summary. No image has this name, and it comes before all names. */
const SUMMARY = Buffer.from([0]);
const FIRST_NAME = Buffer.from([1]);

/** Records per batch. */
const CHUNK = 512;
/** If this many numbers are unused, all records get new ones. */
const SPARE_SLOTS = 65_536;

/** Size, time, version, last change, number, and why it can't be read. */
type EntryRecord = readonly [
  size: number,
  mtime: number,
  version: string,
  changedAt: number,
  slot: number,
  unreadable?: string,
];

interface Numbered extends StoredEntry {
  readonly slot: number;
}

/** What one scan of the store found. */
interface Look {
  readonly seen: SeenSlots;
  readonly finds: UnreadableFinds;
}

/**
 * Entries on disk, in the order of their keys, which is that of the names' bytes. A scan writes only what has changed,
 * and needs one bit of memory per image.
 */
export class LmdbTable implements EntryTable {
  observer: TableObserver | undefined;
  readonly #root: LmdbRoot;
  readonly #table: Database<EntryRecord | TableSummary, Buffer>;
  readonly #pace = new Pace();
  /** Whether this process has checked what it can read. An earlier one may have run as another user. */
  #isChecked = false;
  /** LMDB crashes if it is used after its root was closed. */
  #isClosed = false;

  constructor(root: LmdbRoot, name: string) {
    this.#root = root;
    this.#table = root.table(name, { keyEncoding: 'binary' });
  }

  get images(): number {
    return this.#summary.images;
  }

  get unreadable(): number {
    return this.#summary.unreadable ?? 0;
  }

  get bytes(): number {
    return this.#summary.bytes;
  }

  get generation(): string {
    return this.#summary.sum;
  }

  async update(store: ImageStore, names?: readonly string[]): Promise<ScanFindings> {
    if (names && this.#isChecked) return this.#lookAt(store, names);
    await this.#renumber();
    const seen = new SeenSlots(this.#summary.slots);
    const finds = new UnreadableFinds();
    const scan = store.scan();
    for await (const batch of scan.batches) {
      if (this.#isClosed) throw cancelled();
      await this.#take(scan, batch, { seen, finds });
    }
    await this.#sweep(seen);
    this.#isChecked = true;
    return findingsOf(scan, finds, this.unreadable);
  }

  /** Takes in what has become of some files. */
  async #lookAt(store: ImageStore, names: readonly string[]): Promise<ScanFindings> {
    const seen = new SeenSlots(this.#summary.slots);
    const finds = new UnreadableFinds();
    const scan = store.scan(names);
    const gone = new Set(names);
    for await (const batch of scan.batches) {
      if (this.#isClosed) throw cancelled();
      await this.#take(scan, batch, { seen, finds });
      for (const { name } of batch) gone.delete(name);
    }
    for (const name of gone) {
      const entry = this.#isClosed ? undefined : this.#find(name);
      if (entry) this.#change((tally) => this.#remove(tally, entry), 1);
    }
    return findingsOf(scan, finds, this.unreadable);
  }

  close(): void {
    this.#isClosed = true;
  }

  next(after: string | undefined, most: number): readonly Numbered[] {
    if (this.#isClosed) return [];
    const found: Numbered[] = [];
    for (const { key, value } of this.#table.getRange({ start: keyBehind(after), limit: most })) {
      found.push(entryOf(key.toString(), value as EntryRecord));
    }
    return found;
  }

  get(name: string): StoredEntry | undefined {
    return this.#isClosed ? undefined : this.#find(name);
  }

  get #summary(): TableSummary {
    if (this.#isClosed) return EMPTY_SUMMARY;
    return (this.#table.get(SUMMARY) as TableSummary | undefined) ?? EMPTY_SUMMARY;
  }

  #find(name: string): Numbered | undefined {
    const record = this.#table.get(Buffer.from(name)) as EntryRecord | undefined;
    return record && entryOf(name, record);
  }

  async #take(scan: Scan, batch: readonly StoredEntry[], { seen, finds }: Look): Promise<void> {
    const known = seen.first === 0 ? [] : batch.map(({ name }) => this.#find(name));
    for (const one of known) if (one) seen.mark(one.slot);
    const entries = await marked(scan, batch, this.#isChecked ? known : []);
    if (this.#isClosed) throw cancelled();
    entries.forEach((entry, i) => finds.add(entry, known[i]));
    const changed = entries.filter((entry, i) => !isSame(entry, known[i]));
    if (changed.length > 0)
      this.#change((tally) => changed.forEach((entry) => this.#put(tally, entry)), changed.length);
  }

  #put(tally: Tally, entry: StoredEntry): void {
    const known = this.#find(entry.name);
    this.#table.putSync(Buffer.from(entry.name), recordOf(entry, known?.slot ?? tally.slots++));
    if (known) tally.remove(known);
    tally.add(entry);
  }

  #remove(tally: Tally, entry: Numbered): void {
    if (this.#table.removeSync(Buffer.from(entry.name))) tally.remove(entry);
  }

  /** Removes what the scan did not find. */
  async #sweep(seen: SeenSlots): Promise<void> {
    const { images, slots, unreadable = 0 } = this.#summary;
    const isComplete = seen.count + (slots - seen.first) >= images + unreadable;
    if (isComplete) return;
    for await (const chunk of this.#chunks()) {
      const gone = chunk.filter(({ slot }) => !seen.has(slot));
      if (gone.length > 0)
        this.#change((tally) => gone.forEach((entry) => this.#remove(tally, entry)), gone.length);
    }
  }

  /** Gives all records new numbers, if many are unused. */
  async #renumber(): Promise<void> {
    const { images, slots, unreadable = 0 } = this.#summary;
    if (slots <= 2 * (images + unreadable) + SPARE_SLOTS) return;
    let slot = 0;
    for await (const chunk of this.#chunks()) {
      this.#change(() => {
        for (const entry of chunk) this.#table.putSync(Buffer.from(entry.name), recordOf(entry, slot++));
      }, chunk.length);
    }
    this.#change((tally) => void (tally.slots = slot));
  }

  async *#chunks(): AsyncGenerator<readonly Numbered[], void, undefined> {
    let after: string | undefined;
    for (let chunk = this.next(after, CHUNK); chunk.length > 0; chunk = this.next(after, CHUNK)) {
      yield chunk;
      after = chunk.at(-1)!.name;
      await this.#pace.step(chunk.length);
    }
  }

  /** Changes records and the summary together, or neither. */
  #change(make: (tally: Tally) => void, records = 0): void {
    if (this.#isClosed) throw cancelled();
    const { changed, from, to } = this.#root.write(
      () => {
        const before = this.#summary;
        const tally = new Tally(before);
        make(tally);
        const { summary, changed } = tally;
        this.#table.putSync(SUMMARY, summary);
        return { changed, from: before.sum, to: summary.sum };
      },
      { records },
    );
    this.observer?.changed(changed, { from, to });
  }
}

/** A key before those of all names after `after`. */
function keyBehind(after: string | undefined): Buffer {
  // All names come after the empty name, but the summary does not.
  if (!after) return FIRST_NAME;
  // LMDB limits the length of keys. No name is longer than this, so the same names come after the shortened key.
  return Buffer.concat([Buffer.from(after).subarray(0, MAX_NAME_BYTES), SUMMARY]);
}

function recordOf({ size, mtime, version, changedAt, unreadable }: StoredEntry, slot: number): EntryRecord {
  if (unreadable === undefined) return [size, mtime, version, changedAt, slot];
  return [size, mtime, version, changedAt, slot, unreadable];
}

function entryOf(name: string, record: EntryRecord): Numbered {
  const [size, mtime, version, changedAt, slot, unreadable] = record;
  const entry = { name, size, mtime, version, changedAt, slot };
  return unreadable === undefined ? entry : { ...entry, unreadable };
}

function isSame(a: StoredEntry, b: StoredEntry | undefined): boolean {
  return b !== undefined && (a === b || (isSameState(a, b) && a.unreadable === b.unreadable));
}

/** Which of a table's numbered records a scan has found, one bit each. */
class SeenSlots {
  /** Records from this number on were made during the scan. */
  readonly first: number;
  readonly #bits: Uint8Array;
  #count = 0;

  constructor(slots: number) {
    this.first = slots;
    this.#bits = new Uint8Array(Math.ceil(slots / 8));
  }

  /** How many of the earlier records. */
  get count(): number {
    return this.#count;
  }

  mark(slot: number): void {
    if (this.has(slot)) return;
    this.#bits[slot >>> 3]! |= 1 << (slot & 7);
    this.#count++;
  }

  /** Also true for records made during the scan. */
  has(slot: number): boolean {
    return slot >= this.first || (this.#bits[slot >>> 3]! & (1 << (slot & 7))) !== 0;
  }
}
