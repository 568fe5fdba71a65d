import { describeCause } from '../errors';
import type { DigestStore } from './digest-store';
import { LayeredDigests } from './layered-digests';
import { openLmdbDigests } from './lmdb-digests';
import { MemoryDigests } from './memory-digests';

/** Digests that are kept in folder `state`, or in memory where there is none or it can't be used. */
export async function openDigests(
  state: string | undefined,
  onWarning: (message: string) => void,
): Promise<DigestStore> {
  const memory = new MemoryDigests();
  if (state === undefined) return memory;
  const onDamage = (path: string) =>
    onWarning(
      `${path} was damaged, or not made by this version: it is kept as ${path}.damaged, and made anew.`,
    );
  const onError = once((error: unknown) => onWarning(cannotKeep(state, error)));
  try {
    return new LayeredDigests(memory, await openLmdbDigests(state, { onDamage, onError }));
  } catch (error) {
    onWarning(cannotKeep(state, error));
    return memory;
  }
}

function cannotKeep(state: string, error: unknown): string {
  return `What is hashed is kept in memory only, for ${state} can't be used: ${describeCause(error)}.`;
}

function once<T>(call: (argument: T) => void): (argument: T) => void {
  let isDone = false;
  return (argument) => {
    if (!isDone) call(argument);
    isDone = true;
  };
}
