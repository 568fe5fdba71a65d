import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCause, LocalError, ResoError, systemCode } from '../../../errors';
import { statIfThere } from '../../../files';
import { escapeForDisplay, hasImageExtension } from '../../../names';
import { OutputFolder } from '../../disk/output-folder';
import { walk } from '../../disk/walk';
import { merge } from '../../index/sorted-lists';
import type { Lock } from '../../../lock';
import { countedAhead } from '../../plan/counted-ahead';
import { missingOf, scopeOf, type Scope } from '../../plan/scope';
import type { Lister } from '../../plan/select';
import { countIn, type Progress } from '../../progress';
import { inOrder } from '../in-order';
import { checkCopy, type Checking, type ExpectedCopy, type VerifyClient } from './check';
import type { VerifyOptions, VerifyOutcome, VerifyResult, VerifySummary } from './options';
import { Repair } from './repair';

/** Copies checked at a time: enough to keep disk and processor busy and to hide round trips. */
const AT_ONCE = 16;

export interface VerifySource extends Checking {
  readonly client: VerifyClient;
}

/** Verifies local copies; see `Client.verify`. */
export async function verify(
  client: VerifySource['client'],
  lister: Lister,
  signal: AbortSignal | undefined,
  options: VerifyOptions,
): Promise<VerifySummary> {
  const checkAborted = () => {
    if (signal?.aborted) throw new ResoError('ABORTED', 'Interrupted.', { cause: signal.reason });
  };
  const output = await OutputFolder.open(options.folder ?? '.');
  const source: VerifySource = { output, client, checkAborted };
  const { root } = output;
  if (!options.repair && !(await statIfThere(root))) throw noFolder(options.folder);
  const scope = await scopeOf(options, lister, output);
  const totals = { ...NONE };
  const { progress } = options;
  const copies = expectedCopies(scope, options.locked, lister, totals);
  const expected = progress ? countedAhead(copies, progress, ({ size }) => size) : copies;
  // Of what is here and expected as well, only that is given.
  const all = flat(merge<Here | ExpectedCopy>(localImages(scope, root), expected));
  const publish = (result: VerifyResult) => {
    totals[result.outcome]++;
    totals.bytesReceived += result.bytesReceived;
    if (progress) countDone(progress, result);
    options.onResult?.(result);
  };
  const results = inOrder(all, AT_ONCE, (one) => checkOne(source, root, one));
  await take(results, publish, options.repair ? repairOf(source, options, publish) : undefined);
  checkAborted();
  for (const missing of missingOf(scope, options.locked)) publish({ ...missing, size: 0, bytesReceived: 0 });
  return { ...totals, unusedExcludes: scope.unusedExcludes };
}

/** What is extra was not expected. */
function countDone(progress: Progress, { name, outcome, size }: VerifyResult): void {
  if (outcome === 'extra') countIn(progress, size);
  progress.imagesDone++;
  progress.bytesDone += size;
  progress.current = { name, size, done: size };
}

function noFolder(folder: string | undefined): LocalError {
  const advice = 'Give the folder with the copies, or let --repair create it.';
  return new LocalError('FOLDER', `The folder ${folder} does not exist. ${advice}`);
}

/** The expected images, in byte order of the names. */
async function* expectedCopies(
  scope: Scope,
  locked: Lock | undefined,
  lister: Lister,
  totals: { unreadable: number },
): AsyncGenerator<readonly ExpectedCopy[], void, undefined> {
  if (locked) {
    for await (const entry of locked.entries()) if (scope.has(entry.name)) yield [entry];
    return;
  }
  for await (const { images, unreadable = 0 } of lister.pages(scope.globs)) {
    totals.unreadable += unreadable;
    yield images.filter(({ name }) => scope.has(name));
  }
}

/** An image in the folder. */
interface Here {
  readonly name: string;
}

/** Yields nothing if the folder does not exist. Throws FOLDER if a folder can't be read. */
async function* localImages(scope: Scope, root: string): AsyncGenerator<readonly Here[], void, undefined> {
  for await (const files of walk(root, refuseUnreadable))
    yield files.filter(({ name }) => hasImageExtension(name) && scope.has(name));
}

function refuseUnreadable(path: string, cause: unknown): void {
  if (systemCode(cause) === 'ENOENT') return;
  const message = `Can't read the folder ${escapeForDisplay(path)}: ${describeCause(cause)}.`;
  throw new LocalError('FOLDER', message, { cause });
}

async function* flat<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T, void, undefined> {
  for await (const batch of batches) yield* batch;
}

function repairOf(
  source: VerifySource,
  options: VerifyOptions,
  publish: (result: VerifyResult) => void,
): Repair {
  const folder = options.folder ?? '.';
  const durable = options.durable ?? false;
  return new Repair({ ...source, folder, isLocked: options.locked !== undefined, durable }, publish);
}

async function take(
  results: AsyncIterable<VerifyResult>,
  publish: (result: VerifyResult) => void,
  repair: Repair | undefined,
): Promise<void> {
  try {
    for await (const result of results) {
      const isBad = result.outcome === 'missing' || result.outcome === 'damaged';
      if (repair && isBad) await repair.take(result);
      else publish(result);
    }
    await repair?.end();
  } finally {
    await repair?.leave();
  }
}

const NONE: Readonly<Record<VerifyOutcome | 'unreadable' | 'bytesReceived', number>> = {
  ok: 0,
  missing: 0,
  damaged: 0,
  extra: 0,
  repaired: 0,
  failed: 0,
  unreadable: 0,
  bytesReceived: 0,
};

async function checkOne(source: VerifySource, root: string, one: Here | ExpectedCopy): Promise<VerifyResult> {
  if ('size' in one) return checkCopy(source, one);
  const { name } = one;
  // It may have disappeared in the meantime.
  const found = await stat(join(root, name)).catch(() => undefined);
  return { name, outcome: 'extra', size: found?.size ?? 0, bytesReceived: 0 };
}
