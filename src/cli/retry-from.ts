import { createReadStream } from 'node:fs';
import { describeCause, UsageError } from '../errors';
import { pieces } from './names-from';

interface Line {
  readonly name: unknown;
  readonly outcome: unknown;
}

/** Names of the images that failed, by a report. Each of its images stands on a line of its own. */
export async function* retryFrom(file: string): AsyncGenerator<string, void, undefined> {
  let isFirst = true;
  for await (const line of linesOf(file)) {
    if (isFirst && !line.startsWith('{"report":1,')) throw new UsageError(`${file} is no report of reso.`);
    isFirst = false;
    if (!line.startsWith('{"name":')) continue;
    const { name, outcome } = parse(file, line.replace(/,\r?$/, ''));
    if (outcome === 'failed' && typeof name === 'string') yield name;
  }
  if (isFirst) throw new UsageError(`${file} is no report of reso: it is empty.`);
}

async function* linesOf(file: string): AsyncGenerator<string, void, undefined> {
  try {
    yield* pieces(createReadStream(file), '\n');
  } catch (cause) {
    throw new UsageError(`The report ${file} can't be read: ${describeCause(cause)}.`, { cause });
  }
}

function parse(file: string, text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch (cause) {
    throw new UsageError(`The report ${file} is damaged.`, { cause });
  }
}
