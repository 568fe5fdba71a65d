import type { ImageEntry } from '../../protocol';
import { downloadSelected } from '../download/download';
import type { Selected } from '../download/select';
import { newProgress, type Progress } from '../progress';
import type { SyncContext } from './context';
import { foresee } from './foresee';
import { NOTHING_SENT, Vouching } from './vouching';

type Doubtful = Selected & { readonly entry: ImageEntry };

/** Brings what is wanted: goes through its list and the index side by side, and downloads what is not vouched for. */
export class Bringing {
  readonly #context: SyncContext;
  readonly #progress: Progress;
  readonly #vouching: Vouching;
  readonly #generations = new Set<string>();
  #images = 0;

  constructor(context: SyncContext) {
    const { source, options, store, local, report } = context;
    this.#context = context;
    this.#progress = options.progress ?? newProgress();
    this.#vouching = new Vouching({
      server: source.server,
      records: () => store.records(),
      local,
      progress: this.#progress,
      report,
      note: (record) => void (options.dryRun || store.note(record)),
    });
  }

  async run(): Promise<void> {
    const { source, options } = this.#context;
    const doubtful = () => this.#doubtful();
    if (options.dryRun) {
      for await (const some of doubtful()) for (const one of some) await this.#foresee(one);
      return;
    }
    const onResult = this.#vouching.done.bind(this.#vouching);
    const { durable } = options;
    const settings = { overwrite: true, durable, onResult, progress: this.#progress };
    try {
      await downloadSelected(source, this.#context, settings, doubtful);
    } finally {
      await this.#vouching.settle();
    }
  }

  /** The one generation of which all was that is wanted, and how many images that were; undefined if there was none. */
  get listed(): { readonly generation: string; readonly images: number } | undefined {
    const [generation] = this.#generations;
    if (generation === undefined || this.#generations.size > 1) return undefined;
    return { generation, images: this.#images };
  }

  #doubtful(): AsyncGenerator<readonly Doubtful[], void, undefined> {
    const { isKnown, store } = this.#context;
    return isKnown ? this.#vouching.doubtfulOf(store.batches()) : this.#vouching.doubtful(this.#batches());
  }

  async *#batches(): AsyncGenerator<Doubtful[], void, undefined> {
    const { wanted, scope } = this.#context;
    for await (const { generation, images } of wanted.pages(scope.globs)) {
      this.#generations.add(generation);
      this.#images += images.length;
      yield images.filter(({ name }) => scope.has(name)).map(wanted.select);
    }
  }

  async #foresee(one: Doubtful): Promise<void> {
    const { name, size } = one.entry;
    const found = this.#vouching.takeBefore(name);
    this.#context.report({ name, size, ...NOTHING_SENT, ...(await foresee(this.#context, one, found)) });
  }
}
