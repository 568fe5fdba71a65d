import { ResoError } from '../../../errors';
import { Durability } from '../../disk/durability';
import { WorkFolders } from '../../disk/work-folders';
import type { DownloadResult } from '../../result';
import { RunHealth } from '../../transfer/run-health';
import type { Checking, VerifyClient } from './check';
import type { VerifyResult } from './options';
import { repairBlocks, type Repaired } from './repair-blocks';

/** Whole images per download. */
const BATCH = 1000;

export interface RepairSource extends Checking {
  readonly client: VerifyClient;
  readonly folder: string;
  /** Repairs must match the results, not whatever the server has by now. */
  readonly isLocked: boolean;
  /** Repairs must survive a power failure. */
  readonly durable: boolean;
}

/** Repairs what verify found damaged or missing: block by block if possible, otherwise whole, in batches. */
export class Repair {
  readonly #source: RepairSource;
  readonly #publish: (result: VerifyResult) => void;
  readonly #work: WorkFolders;
  readonly #durability: Durability | undefined;
  readonly #health: RunHealth;
  readonly #whole = new Map<string, VerifyResult>();

  /** `publish` is called for each image once it is repaired or can't be. */
  constructor(source: RepairSource, publish: (result: VerifyResult) => void) {
    this.#source = source;
    this.#publish = publish;
    this.#work = new WorkFolders(source.output);
    this.#health = new RunHealth(source.output.root);
    this.#durability = source.durable ? new Durability(source.output) : undefined;
  }

  /** Throws, before anything is repaired, if the output folder is not writable. */
  async take(result: VerifyResult): Promise<void> {
    try {
      this.#health.throwIfDoomed();
      await this.#work.for(result.name);
    } catch (error) {
      return this.#failed(result, error);
    }
    if (result.outcome === 'damaged' && (await this.#mend(result))) return;
    this.#whole.set(result.name, result);
    if (this.#whole.size >= BATCH) await this.#fetchWhole();
  }

  /** Does the remaining work. */
  async end(): Promise<void> {
    if (this.#whole.size > 0) await this.#fetchWhole();
  }

  leave(): Promise<void> {
    return this.#work.leave();
  }

  /** Whether it is done. */
  async #mend(result: VerifyResult): Promise<boolean> {
    const { name, size } = result;
    const locked = this.#source.isLocked ? result.sha256 : undefined;
    let repaired: Repaired | undefined;
    try {
      const repairing = { ...this.#source, work: this.#work, durability: this.#durability };
      repaired = await repairBlocks(repairing, name, locked);
    } catch (error) {
      // If the server lacks an image by now, the download reports that.
      if (error instanceof ResoError && error.code === 'NOT_FOUND') return false;
      this.#failed(result, error);
      return true;
    }
    if (repaired) this.#publish({ name, outcome: 'repaired', size, ...repaired });
    return repaired !== undefined;
  }

  #failed({ name, size }: VerifyResult, cause: unknown): void {
    if (!(cause instanceof ResoError) || cause.code === 'ABORTED') throw cause;
    const error = this.#health.note(cause);
    if (this.#health.unusableOutput) throw error;
    this.#publish({ name, outcome: 'failed', error, code: error.code, size, bytesReceived: 0 });
  }

  async #fetchWhole(): Promise<void> {
    const { client, folder, isLocked, durable } = this.#source;
    const batch = [...this.#whole.values()];
    const entries = batch.map(({ name, size, sha256 = '' }) => ({ name, size, sha256 }));
    const onResult = (result: DownloadResult) => this.#fetched(result);
    const locked = isLocked ? { entries: () => toAsync(entries) } : undefined;
    const names = isLocked ? undefined : batch;
    await client.download(names, { output: folder, overwrite: true, durable, locked, onResult });
    this.#whole.clear();
  }

  #fetched(result: DownloadResult): void {
    const { name, outcome, code, size, sha256, bytesReceived } = result;
    const error = result.error && this.#health.note(result.error);
    const wanted = this.#whole.get(name)?.size ?? 0;
    const repaired = { name, size: size ?? wanted, sha256, bytesReceived };
    if (outcome === 'failed') this.#publish({ ...repaired, outcome: 'failed', error, code });
    else this.#publish({ ...repaired, outcome: 'repaired' });
  }
}

async function* toAsync<T>(values: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* values;
}
