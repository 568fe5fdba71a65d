import { createReadStream } from 'node:fs';
import { describeCause, UsageError } from '../../errors';
import type { ExactName } from '../../index';
import { pieces } from '../settings/names-from';

interface Line {
  readonly name: unknown;
  readonly outcome: unknown;
}

interface End {
  readonly interrupted?: unknown;
  readonly error?: unknown;
}

/**
 * Names of the images that failed, by a report. Each of its images stands on a line of its own. Throws USAGE after the
 * last of them where there may have been more images than the report names.
 */
export async function* retryFrom(file: string): AsyncGenerator<ExactName, void, undefined> {
  let lines = 0;
  let end: End | undefined;
  for await (const line of linesOf(file)) {
    if (lines++ === 0 && !line.startsWith('{"report":1,'))
      throw new UsageError(`${file} is no report of reso.`);
    if (line.startsWith('],"totals":')) end = parse(file, `{${line.slice(2)}`) as End;
    if (!line.startsWith('{"name":')) continue;
    const { name, outcome } = parse(file, line.replace(/,\r?$/, '')) as Line;
    if (outcome === 'failed' && typeof name === 'string') yield { name };
  }
  if (lines === 0) throw new UsageError(`${file} is no report of reso: it is empty.`);
  refuseIncomplete(file, end);
}

/** Nobody knows whether a run that ended early had come to all images: not to say so would look as if all were there. */
function refuseIncomplete(file: string, end: End | undefined): void {
  const advice = 'Run its own command again: what is there is not fetched again.';
  if (!end) throw new UsageError(`The report ${file} is cut off: it may lack images. ${advice}`);
  const { interrupted, error } = end;
  const reason = typeof error === 'string' ? `ended early (${error})` : 'was interrupted';
  if (interrupted === true || typeof error === 'string')
    throw new UsageError(`${file} may not name all images: that run ${reason}. ${advice}`);
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
