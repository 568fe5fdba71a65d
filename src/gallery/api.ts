import { encoded, gridQuery, type View } from './view';

export interface Facts {
  readonly format: string;
  readonly width?: number;
  readonly height?: number;
  readonly pages?: number;
  readonly taken?: string;
  readonly offset?: string;
  readonly camera?: string;
  readonly colorSpace?: string;
  readonly thumbhash?: string;
  readonly gps?: { readonly latitude: number; readonly longitude: number };
  readonly canRender: boolean;
}

export interface ImageInfo {
  readonly name: string;
  readonly size: number;
  readonly modified: string;
  readonly version: string;
  readonly sha256?: string;
  /** It changed a moment ago, and may still be being written. */
  readonly unsettled?: true;
  readonly facts?: Facts;
  /** It was deleted after the list was made. */
  readonly isGone?: true;
}

export interface Folder {
  readonly name: string;
  /** The first image in it. */
  readonly cover: Pick<ImageInfo, 'name' | 'sha256'>;
}

export interface GridAnswer {
  readonly generation: string;
  /** Width divided by height, times 1,024; 0 if not known. */
  readonly ratios: Uint16Array;
  /** Whether the server knows all ratios. */
  readonly isComplete: boolean;
}

/** A view as the server had it at `generation`. */
export interface Edition {
  readonly view: View;
  readonly generation: string;
}

/** A call that the server refused, or that never reached it: then `status` is 0. */
export class CallError extends Error {
  readonly status: number;
  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }

  /** The image or folder does not exist, or this person may not see it. */
  get isMissing(): boolean {
    return this.status === 404 || this.status === 403;
  }

  /** The view has changed since it was loaded. */
  get isOutdated(): boolean {
    return this.status === 409;
  }
}

/** Maximum names per response. */
const MOST_NAMES = 10_000;
/** Milliseconds without a response after which the server counts as unreachable. */
const PATIENCE = 30_000;

/** The gallery's calls to the server. They throw CallError, or the reason of `signal`. */
export class Api {
  readonly base: string;
  readonly #hasRenditions: boolean;

  constructor(base: string, hasRenditions: boolean) {
    this.base = base;
    this.#hasRenditions = hasRenditions;
  }

  async grid(view: View, signal?: AbortSignal): Promise<GridAnswer> {
    const answer = await this.#get('grid', gridQuery(view), signal);
    return {
      generation: answer.headers.get('X-Reso-Generation') ?? '',
      isComplete: answer.headers.get('X-Reso-Complete') === 'yes',
      ratios: new Uint16Array(await read(answer.arrayBuffer(), signal)),
    };
  }

  async window(edition: Edition, from: number, count: number, signal?: AbortSignal) {
    const query = partQuery(edition, from, count);
    return (await this.#json<{ images: ImageInfo[] }>('window', query, signal)).images;
  }

  /** The names from one place up to and including another. */
  async names(edition: Edition, from: number, to: number): Promise<string[]> {
    const all: string[] = [];
    for (let at = from; at <= to; at += MOST_NAMES) {
      const query = partQuery(edition, at, Math.min(MOST_NAMES, to - at + 1));
      all.push(...(await this.#json<{ names: string[] }>('names', query)).names);
    }
    return all;
  }

  /** Positions of these images in a view; undefined for those not in it. */
  async places({ view, generation }: Edition, names: readonly string[], signal?: AbortSignal) {
    const query = gridQuery(view);
    query.set('generation', generation);
    for (const name of names) query.append('name', name);
    const { places } = await this.#json<{ places: (number | null)[] }>('places', query, signal);
    return places.map((place) => place ?? undefined);
  }

  /** The folders directly in a folder. */
  async folders(path: string, signal?: AbortSignal): Promise<readonly Folder[]> {
    const query = new URLSearchParams({ path });
    return (await this.#json<{ folders: Folder[] }>('folders', query, signal)).folders;
  }

  image(name: string, signal?: AbortSignal): Promise<ImageInfo> {
    return this.#json<ImageInfo>('image', new URLSearchParams({ name }), signal);
  }

  /** Whether the server still has exactly what it had at `generation`. */
  async isStill(generation: string, signal?: AbortSignal): Promise<boolean> {
    const query = new URLSearchParams({ unless: generation, limit: '1' });
    return (await this.#json<{ unchanged?: true }>('images', query, signal)).unchanged === true;
  }

  /** Waits until the server has something else than at `generation`, for at most so many seconds. */
  async hasChanged(generation: string, seconds: number, signal: AbortSignal): Promise<boolean> {
    const query = new URLSearchParams({ unless: generation, wait: String(seconds) });
    return (await this.#json<{ generation: string }>('changes', query, signal)).generation !== generation;
  }

  original(name: string): string {
    return `${this.base}/images/${encoded(name)}`;
  }

  /** URL of a rendition, or of the original if the server makes none. */
  rendition({ name, sha256 }: Pick<ImageInfo, 'name' | 'sha256'>, width: number): string {
    if (!this.#hasRenditions) return this.original(name);
    const pin = sha256 === undefined ? '' : `&v=${sha256.slice(0, 12)}`;
    return `${this.base}/renditions/${encoded(name)}?w=${width}&f=webp${pin}`;
  }

  async #json<T>(call: string, query: URLSearchParams, signal?: AbortSignal): Promise<T> {
    const answer = await this.#get(call, query, signal);
    return (await read(answer.json(), signal)) as T;
  }

  async #get(call: string, query: URLSearchParams, signal?: AbortSignal): Promise<Response> {
    const answer = await this.#fetch(`${this.base}/api/${call}?${query.toString()}`, signal);
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
    throw new CallError(answer.status, problem.detail ?? `The server answered with status ${answer.status}.`);
  }

  async #fetch(url: string, signal: AbortSignal | undefined): Promise<Response> {
    const abort = new AbortController();
    const giveUp = () => abort.abort(signal?.reason);
    const timer = setTimeout(giveUp, PATIENCE);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted) giveUp();
    try {
      return await fetch(url, { signal: abort.signal });
    } catch (cause) {
      throw unreachable(cause, signal);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The connection may be lost in the middle of a response. */
async function read<T>(body: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await body;
  } catch (cause) {
    throw unreachable(cause, signal);
  }
}

function unreachable(cause: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? cause : new CallError(0, 'The server does not answer.', cause);
}

function partQuery({ view, generation }: Edition, from: number, count: number): URLSearchParams {
  const query = gridQuery(view);
  query.set('generation', generation);
  query.set('from', String(from));
  query.set('count', String(count));
  return query;
}
