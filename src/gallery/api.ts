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
  readonly unsettled?: true;
  readonly facts?: Facts;
  /** It was deleted since the list was made. */
  readonly isGone?: true;
}

export interface Grid {
  readonly generation: string;
  /** Width by height, times 1,024; 0 where it is not known. */
  readonly ratios: Uint16Array;
  /** Whether the server knows the size of all of them. */
  readonly isComplete: boolean;
}

/** A call that the server refused, or that never reached it: then `status` is 0. */
export class CallError extends Error {
  readonly status: number;
  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** What the gallery asks the server for. */
export class Api {
  readonly base: string;
  readonly #hasRenditions: boolean;

  constructor(base: string, hasRenditions: boolean) {
    this.base = base;
    this.#hasRenditions = hasRenditions;
  }

  async grid(view: View, signal?: AbortSignal): Promise<Grid> {
    const answer = await this.#get(`/api/grid?${gridQuery(view).toString()}`, signal);
    return {
      generation: answer.headers.get('X-Reso-Generation') ?? '',
      isComplete: answer.headers.get('X-Reso-Complete') === 'yes',
      ratios: new Uint16Array(await answer.arrayBuffer()),
    };
  }

  async window(
    view: View,
    { generation, from, count }: { generation: string; from: number; count: number },
    signal?: AbortSignal,
  ): Promise<readonly ImageInfo[]> {
    const query = gridQuery(view);
    query.set('generation', generation);
    query.set('from', String(from));
    query.set('count', String(count));
    const { images } = await this.#json<{ images: ImageInfo[] }>(`/api/window?${query.toString()}`, signal);
    return images;
  }

  /** The folders that lie directly in one. */
  async folders(path: string, signal?: AbortSignal): Promise<readonly string[]> {
    const query = new URLSearchParams({ path });
    const { folders } = await this.#json<{ folders: string[] }>(`/api/folders?${query.toString()}`, signal);
    return folders;
  }

  image(name: string): Promise<ImageInfo> {
    return this.#json<ImageInfo>(`/api/image?${new URLSearchParams({ name }).toString()}`);
  }

  /** Whether the server still has what it had at `generation`. */
  async isOf(generation: string): Promise<boolean> {
    const query = new URLSearchParams({ unless: generation, limit: '1' });
    const page = await this.#json<{ unchanged?: true }>(`/api/images?${query.toString()}`);
    return page.unchanged === true;
  }

  original(name: string): string {
    return `${this.base}/images/${encoded(name)}`;
  }

  /** A smaller image of an image; the original where the server makes none. */
  rendition({ name, sha256 }: Pick<ImageInfo, 'name' | 'sha256'>, width: number): string {
    if (!this.#hasRenditions) return this.original(name);
    const pin = sha256 === undefined ? '' : `&v=${sha256.slice(0, 12)}`;
    return `${this.base}/renditions/${encoded(name)}?w=${width}&f=webp${pin}`;
  }

  async #json<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await (await this.#get(path, signal)).json()) as T;
  }

  async #get(path: string, signal?: AbortSignal): Promise<Response> {
    const answer = await fetch(this.base + path, { signal: signal ?? null }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause;
      throw new CallError(0, 'The server does not answer.', cause);
    });
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
    throw new CallError(answer.status, problem.detail ?? `The server answers with ${answer.status}.`);
  }
}
