import { hasGlob } from '../../names';
import type { Client, ResoError } from '../../index';
import { didYouMean, NearMiss } from './explain';

/** Missing names for which others are suggested; a batch may lack thousands. */
const MOST_ASKED = 3;
/** Milliseconds that a suggestion may take. */
const PATIENCE = 1000;

const HOST_AND_PORT = /^[\w.-]+:\d{4,5}$/;

interface Result {
  readonly name: string;
  readonly error?: ResoError | undefined;
}

type Similar = Pick<Client, 'similar'>;

/** Passes results on to `tell`; those of the first names that the server lacks with what may have been meant. */
export class Suggestions<R extends Result> {
  readonly #client: Similar;
  readonly #tell: (result: R) => void;
  readonly #globs: readonly string[];
  readonly #asked: Promise<void>[] = [];

  /** `globs`: names that were given as arguments, which may be globs. */
  constructor(client: Similar, tell: (result: R) => void, globs: readonly string[] = []) {
    this.#client = client;
    this.#tell = tell;
    this.#globs = globs;
  }

  add(result: R): void {
    if (result.error?.code === 'NOT_FOUND' && this.#asked.length < MOST_ASKED)
      this.#asked.push(this.#tellLater(result, result.error));
    else this.#tell(result);
  }

  async #tellLater(result: R, missing: ResoError): Promise<void> {
    this.#tell({ ...result, error: await suggest(this.#client, result.name, missing, this.#globs) });
  }

  /** Resolves when all that was added has been passed on. */
  async settled(): Promise<void> {
    await Promise.all(this.#asked);
  }
}

/** NOT_FOUND with what may have been meant by `name`; `missing` itself where nothing is like it, or that takes too long. */
export async function suggest(
  client: Similar,
  name: string,
  missing: ResoError,
  globs: readonly string[] = [],
): Promise<ResoError> {
  if (HOST_AND_PORT.test(name)) return new NearMiss(name, `To name the server, use -s ${name}.`, missing);
  if (hasGlob(name)) {
    const advice = globs.includes(name) ? adviceOnGlob(name) : undefined;
    return advice === undefined ? missing : new NearMiss(name, advice, missing);
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, []);
  });
  // It is a courtesy: whatever goes wrong with it is of no interest.
  const similar = await Promise.race([client.similar(name).catch(() => []), late]);
  clearTimeout(timer);
  return similar.length > 0 ? new NearMiss(name, didYouMean(name, similar), missing) : missing;
}

/** What to do about a glob that matches nothing, if anything is known to help. */
export function adviceOnGlob(name: string): string | undefined {
  if (!hasGlob(name) || name.includes('**')) return undefined;
  return 'A * stops at each /; a ** also looks into folders.';
}
