import { createReadStream } from 'node:fs';
import { describeCause, UsageError } from '../errors';
import { pieces } from './names-from';

interface Line {
  readonly name: unknown;
  readonly outcome: unknown;
}

/** Names of the images that failed, by a report. Each of its images stands on a line of its own. */
export async function* retryFrom(file: string): AsyncGenerator<string, void, undefined> {
  let lines = 0;
  let images = 0;
  for await (const line of linesOf(file)) {
    if (lines++ === 0 && !line.startsWith('{"report":1,'))
      throw new UsageError(`${file} is no report of reso.`);
    if (line.startsWith('],"totals":') && images === 0) refuseOfNothing(file, `{${line.slice(2)}`);
    if (!line.startsWith('{"name":')) continue;
    images++;
    const { name, outcome } = parse(file, line.replace(/,\r?$/, '')) as Line;
    if (outcome === 'failed' && typeof name === 'string') yield name;
  }
  if (lines === 0) throw new UsageError(`${file} is no report of reso: it is empty.`);
}

/** Of a run that failed before it knew of any image nothing can be taken up. */
function refuseOfNothing(file: string, end: string): void {
  const { error } = parse(file, end) as { readonly error?: unknown };
  if (typeof error !== 'string') return;
  throw new UsageError(
    `${file} names no image: that run failed before (${error}) Run its own command again.`,
  );
}

async function* linesOf(file: string): AsyncGenerator<string, void, undefined> {
  try {
    yield* pieces(createReadStream(file), '\n');
  } catch (cause) {
    throw new UsageError(`The report ${file} can't be read: ${describeCause(cause)}.`, { cause });
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`The report ${file} is damaged.`, { cause });
  }
}
