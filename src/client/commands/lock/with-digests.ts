import { ResoError } from '../../../errors';
import type { ImageEntry } from '../../../protocol';
import type { AskDigests } from '../../net/ask';
import type { ListOptions } from '../../plan/select';
import { inOrder } from '../in-order';

export interface ListWithDigestsOptions extends ListOptions {
  /** Called for images that are left out because their digest is not available. */
  readonly onFailure: (name: string, error: ResoError) => void;
}

/** Digests requested at a time: enough for a long link, few enough for a server that has to read the images. */
const AT_ONCE = 64;

export interface ProvenEntry extends ImageEntry {
  readonly sha256: string;
}

/**
 * The same entries, each with its digest; missing digests are requested from the server. An entry whose digest is not
 * available is left out and reported to `onFailure`; errors that affect all of them are thrown.
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

/** Failures that affect only one image. */
const OF_ONE_IMAGE: ReadonlySet<string> = new Set(['NOT_FOUND', 'UNREADABLE', 'CHANGED', 'FORBIDDEN']);
