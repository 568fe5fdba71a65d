import { ResoError } from '../../errors';
import type { ImageEntry } from '../../protocol';
import type { Lock, LockEntry } from '../../lock';
import { Patterns, selfAndFolders, type ExactName, type FindThere, type Names } from './patterns';
import type { OnMissing, Selected, Selection } from './select';

/** The images of a lock that match `names`; undefined: all of them. */
export async function* selectLocked(lock: Lock, names: Names | undefined, onMissing: OnMissing): Selection {
  const patterns = names && (await patternsOf(lock, names, onMissing));
  for await (const entry of lock.entries()) {
    if (!patterns || patterns.matches(entry.name)) yield [selected(entry)];
  }
  for (const name of patterns?.unmatched ?? []) onMissing(name, notLocked(name));
}

async function patternsOf(lock: Lock, names: Names, onMissing: OnMissing): Promise<Patterns> {
  const given: (string | ExactName)[] = [];
  for await (const name of names) given.push(name);
  const onFault = (text: string, fault: string) =>
    onMissing(text, new ResoError('BAD_NAME', `It is not a valid glob: ${fault}.`, { image: text }));
  return Patterns.of(given, thereIn(lock), { onFault });
}

/** Which names are those of images, or of folders of images, in a lock. */
export function thereIn(lock: Lock): FindThere {
  return async (names) => {
    const wanted = new Set(names);
    const there = new Set<string>();
    for await (const { name } of lock.entries()) {
      for (const one of selfAndFolders(name)) if (wanted.has(one)) there.add(one);
    }
    return there;
  };
}

/** A lock contains neither a time nor a version, which is then empty. */
export function selected({ name, size, sha256 }: LockEntry): Selected & { readonly entry: ImageEntry } {
  return { name, entry: { name, size, sha256, mtime: 0, version: '' }, locked: { size, sha256 } };
}

export function notLocked(pattern: string): ResoError {
  return new ResoError('BAD_NAME', 'Nothing in the lock file matches it.', { image: pattern });
}
