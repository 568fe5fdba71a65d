import { ResoError } from '../../errors';
import type { Client } from '../client';
import { OutputFolder } from '../download/output-folder';
import { inOrder } from '../in-order';
import { checkCopy, type Checking, type Wanted } from './check';
import { localImages, sizeOf } from './local-images';
import type { VerifyOptions, VerifyResult, VerifySummary } from './options';
import { Repair } from './repair';
import { withExtras, type Extra } from './with-extras';

/** Copies looked at at a time: enough to keep disk and processor busy, and round trips hidden. */
const AT_ONCE = 16;

export interface VerifySource extends Checking {
  readonly client: Pick<Client, 'digests' | 'list' | 'read' | 'download'>;
}

/** Verifies local copies as `Client.verify` says. */
export async function verify(
  client: VerifySource['client'],
  signal: AbortSignal | undefined,
  options: VerifyOptions,
): Promise<VerifySummary> {
  const checkAborted = () => {
    if (signal?.aborted) throw new ResoError('ABORTED', 'Interrupted.', { cause: signal.reason });
  };
  const output = await OutputFolder.open(options.folder ?? '.');
  const source: VerifySource = { output, client, checkAborted };
  const totals = { ...NONE };
  const onUnreadable = (count: number) => void (totals.unreadable = count);
  const wanted: AsyncIterable<Wanted> = options.locked?.entries() ?? client.list({ onUnreadable });
  const root = output.root;
  const all = withExtras(wanted, localImages(root));
  const publish = (result: VerifyResult) => {
    totals[result.outcome]++;
    totals.bytesReceived += result.bytesReceived;
    options.onResult?.(result);
  };
  const results = inOrder(all, AT_ONCE, (one) => checkOne(source, root, one));
  await take(results, publish, options.repair ? repairOf(source, options, publish) : undefined);
  checkAborted();
  return totals;
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

const NONE: Readonly<Record<keyof VerifySummary, number>> = {
  ok: 0,
  missing: 0,
  damaged: 0,
  extra: 0,
  repaired: 0,
  failed: 0,
  unreadable: 0,
  bytesReceived: 0,
};

async function checkOne(source: VerifySource, root: string, one: Wanted | Extra): Promise<VerifyResult> {
  if (!('extra' in one)) return checkCopy(source, one);
  const { extra: name } = one;
  return { name, outcome: 'extra', size: await sizeOf(root, name), bytesReceived: 0 };
}
