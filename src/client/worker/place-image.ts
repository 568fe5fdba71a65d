import { createHash } from 'node:crypto';
import { lstatSync, renameSync, unlinkSync } from 'node:fs';
import { prompt, writeNewFileHere } from '../../files';
import type { PlaceOrder } from './order';

/** Calls to the file system that an order costs. */
const CALLS = 6;

/**
 * Whether the order was carried out. What stands against it is left to be found out, and told, by whoever gave it: other
 * bytes than were expected, a disk that fails or is slow, something that lies in its place.
 */
export function placeImage(order: PlaceOrder, memory: SharedArrayBuffer): boolean {
  const buffers = buffersOf(order, memory);
  if (digestOf(buffers) !== order.sha256) return false;
  try {
    return prompt.attempt(() => put(order, buffers), CALLS) ?? false;
  } catch {
    return false;
  }
}

function buffersOf({ pieces }: PlaceOrder, memory: SharedArrayBuffer): Buffer[] {
  const buffers: Buffer[] = [];
  for (let i = 0; i < pieces.length; i += 2) buffers.push(Buffer.from(memory, pieces[i], pieces[i + 1]));
  return buffers;
}

function digestOf(buffers: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const buffer of buffers) hash.update(buffer);
  return hash.digest('hex');
}

function put({ length, mtime, part, target, keepsOthers }: PlaceOrder, buffers: readonly Buffer[]): boolean {
  if (!writeNewFileHere(part, { buffers, length, mtime, durable: false })) return false;
  let isDone = false;
  try {
    if (keepsOthers && lstatSync(target, { throwIfNoEntry: false })) return false;
    renameSync(part, target);
    isDone = true;
  } finally {
    if (!isDone) unlinkSync(part);
  }
  return true;
}
