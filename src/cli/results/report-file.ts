import { closeSync, openSync, realpathSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeCause, LocalError, UsageError } from '../../errors';
import { VERSION, type SyncResult } from '../../index';
import { explain, explainOnWhat } from './explain';

/** Characters per write. */
const BATCH = 65_536;

/**
 * The file of `--report`: the result of each image, as JSON (docs/report.md). Results are written to a temporary file
 * beside it as they come in. At the end the file is renamed, even if the run failed.
 */
export class ReportFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #fd: number;
  readonly #counts: Record<string, number> = {};
  #replaced = 0;
  #unreadable = 0;
  #bytes = 0;
  #bytesReceived = 0;
  #images = 0;
  #text: string;
  #failure: LocalError | undefined;

  /** Throws DISK if the file can't be made or written. */
  constructor(path: string, command: string, server: string) {
    if (path === '-') throw new UsageError('--report needs a file: stdout is used for the results.');
    try {
      ({ path: this.#path, temporary: this.#temporary } = placeOf(path));
      this.#fd = openSync(this.#temporary, 'w');
    } catch (cause) {
      throw failure(path, cause);
    }
    const head = JSON.stringify({ report: 1, program: `reso ${VERSION}`, command, server });
    this.#text = `${head.slice(0, -1)},"images":[`;
    // A full disk should be noticed now, not after the download.
    this.#write();
    if (this.#failure) this.#giveUp(this.#failure);
  }

  add(result: SyncResult): void {
    const { name, outcome, error, code, size, sha256, bytesReceived, resumedFrom, attempts } = result;
    const { replaced = false } = result;
    this.#counts[outcome] = (this.#counts[outcome] ?? 0) + 1;
    if (replaced) this.#replaced++;
    this.#bytesReceived += bytesReceived;
    if (outcome === 'downloaded' || outcome === 'identical') this.#bytes += size ?? 0;
    const reason = error ? { code: code ?? 'INTERNAL', message: explain(error) } : null;
    const line = { name, outcome, reason, size: size ?? null, sha256: sha256 ?? null };
    this.#text += this.#images++ === 0 ? '\n' : ',\n';
    this.#text += JSON.stringify({ ...line, bytesReceived, resumedFrom, attempts, replaced });
    if (this.#text.length >= BATCH) this.#write();
  }

  /** Sets how many requested images the server can't read. */
  unreadable(count: number): void {
    this.#unreadable = count;
  }

  /** `error`: what ended the run early, if anything. Throws DISK. */
  close(isInterrupted: boolean, error?: unknown): void {
    const { downloaded = 0, identical = 0, deleted = 0, kept = 0, failed = 0 } = this.#counts;
    const totals = { downloaded, identical, deleted, kept, failed, unreadable: this.#unreadable };
    const bytes = { bytes: this.#bytes, bytesReceived: this.#bytesReceived };
    const rest = {
      totals: { ...totals, ...bytes, replaced: this.#replaced },
      interrupted: isInterrupted,
      error: error ? explainOnWhat(error) : null,
    };
    this.#text += `\n],${JSON.stringify(rest).slice(1)}\n`;
    this.#write();
    try {
      closeSync(this.#fd);
      if (!this.#failure && this.#temporary !== this.#path) renameSync(this.#temporary, this.#path);
    } catch (cause) {
      this.#failure ??= failure(this.#path, cause);
    }
    if (this.#failure) this.#giveUp(this.#failure);
  }

  #giveUp(failure: LocalError): never {
    if (this.#temporary !== this.#path) tryUnlink(this.#temporary);
    throw failure;
  }

  /** Checks how much was written: a full disk may take a part and report no error. */
  #write(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    if (this.#failure) return;
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    } catch (cause) {
      this.#failure = failure(this.#path, cause);
    }
  }
}

/** The final path, and the temporary one. A device or a FIFO is written to directly. */
function placeOf(path: string): { readonly path: string; readonly temporary: string } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isFile()) return { path, temporary: path };
  // Replace the target of a link, not the link.
  const target = found ? realpathSync(path) : path;
  // Hidden, so that a sync of the same folder does not treat it as one of its files.
  return { path: target, temporary: join(dirname(target), `.${basename(target)}.${process.pid}.tmp`) };
}

function tryUnlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is useless but harmless.
  }
}

function failure(path: string, cause: unknown): LocalError {
  return new LocalError(
    'DISK',
    `Can't write the report ${path}: ${describeCause(cause)}. Choose another file with --report, or make room.`,
    { cause },
  );
}
