import { type VerifyClient, checkCopy, type Checking, type ExpectedCopy } from './check';
import { LocalError, ResoError } from '../../../errors';
import { statIfThere } from '../../../files';
import { OutputFolder } from '../../disk/output-folder';
import type { Lister } from '../../plan/select';
import { inOrder } from '../in-order';
import type { Lock } from '../../plan/lock-format';
import { missingOf, scopeOf, type Scope } from '../../plan/scope';
import { localImages, sizeOf } from '../../disk/local-images';
import type { VerifyOptions, VerifyOutcome, VerifyResult, VerifySummary } from './options';
import { Repair } from './repair';
import { withExtras, type Extra } from './with-extras';

/** Copies looked at at a time: enough to keep disk and processor busy, and round trips hidden. */
const AT_ONCE = 16;

export interface VerifySource extends Checking {
  readonly client: VerifyClient;
}

/** Verifies local copies as `Client.verify` says. */
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
  const all = withExtras(wantedBy(scope, options.locked, lister, totals), inScope(scope, localImages(root)));
  const publish = (result: VerifyResult) => {
    totals[result.outcome]++;
    totals.bytesReceived += result.bytesReceived;
    options.onResult?.(result);
  };
  const results = inOrder(all, AT_ONCE, (one) => checkOne(source, root, one));
  await take(results, publish, options.repair ? repairOf(source, options, publish) : undefined);
  checkAborted();
  for (const missing of missingOf(scope, options.locked)) publish({ ...missing, size: 0, bytesReceived: 0 });
  return { ...totals, unusedExcludes: scope.unusedExcludes };
}

function noFolder(folder: string | undefined): LocalError {
  const advice = 'Name the one with the copies; --repair makes it.';
  return new LocalError('FOLDER', `There is no folder ${folder}. ${advice}`);
}

async function* wantedBy(
  scope: Scope,
  locked: Lock | undefined,
  lister: Lister,
  totals: { unreadable: number },
): AsyncGenerator<ExpectedCopy, void, undefined> {
  if (locked) return yield* inScope(scope, locked.entries());
  for await (const { images, unreadable = 0 } of lister.pages(scope.globs)) {
    totals.unreadable += unreadable;
    yield* images.filter(({ name }) => scope.has(name));
  }
}

async function* inScope<T extends ExpectedCopy | string>(
  scope: Scope,
  all: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  for await (const one of all) if (scope.has(typeof one === 'string' ? one : one.name)) yield one;
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

async function checkOne(
  source: VerifySource,
  root: string,
  one: ExpectedCopy | Extra,
): Promise<VerifyResult> {
  if (!('extra' in one)) return checkCopy(source, one);
  const { extra: name } = one;
  return { name, outcome: 'extra', size: await sizeOf(root, name), bytesReceived: 0 };
}
