import { ResoError } from '../../../errors';
import type { ImageEntry } from '../../../protocol';
import type { AskDigests } from '../../net/ask';
import type { ListOptions } from '../../plan/select';
import { inOrder } from '../in-order';

export interface ListWithDigestsOptions extends ListOptions {
  /** Told of images that were left out because their digest can't be had. */
  readonly onFailure: (name: string, error: ResoError) => void;
}

/** Digests asked for at a time: enough for a long link, few enough for a server that has to read the images. */
const AT_ONCE = 64;

export interface ProvenEntry extends ImageEntry {
  readonly sha256: string;
}

/**
 * The same entries, each with its digest; where the list had none the server is asked. An entry whose digest can't be
 * had is left out and told to `onFailure`; what concerns all of them is thrown.
 */
export async function* withDigests(
  client: { readonly digests: AskDigests },
  entries: AsyncIterable<ImageEntry>,
  onFailure: (name: string, error: ResoError) => void,
): AsyncGenerator<ProvenEntry, void, undefined> {
  const proven = inOrder(entries, AT_ONCE, (entry) => prove(client, entry));
  for await (const { entry, error } of proven) {
    if (error) onFailure(entry.name, error);
    else yield entry as ProvenEntry;
  }
}

interface Proven {
  readonly entry: ImageEntry;
  readonly error?: ResoError;
}

async function prove(client: { readonly digests: AskDigests }, entry: ImageEntry): Promise<Proven> {
  if (entry.sha256 !== undefined) return { entry };
  try {
    const { size, mtime, version, sha256 } = await client.digests(entry.name);
    return { entry: { name: entry.name, size, mtime, version, sha256 } };
  } catch (error) {
    if (error instanceof ResoError && OF_ONE_IMAGE.has(error.code)) return { entry, error };
    throw error;
  }
}

/** Failures that say nothing about the other images. */
const OF_ONE_IMAGE: ReadonlySet<string> = new Set(['NOT_FOUND', 'UNREADABLE', 'CHANGED', 'FORBIDDEN']);
