import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { describeCause, UsageError } from '../../errors';
import type { ExactName } from '../../index';
import { nameMeant } from '../../names';

/** Names from a file, or from stdin for `-`: one per line, or each before a NUL; not globs. Reads as they are needed. */
export async function* namesFrom(
  file: string,
  endsInNul: boolean,
): AsyncGenerator<ExactName, void, undefined> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    for await (const text of endsInNul ? pieces(input, '\0') : lines(input)) yield { name: nameMeant(text) };
  } catch (cause) {
    throw new UsageError(`Can't read names from ${file === '-' ? 'stdin' : file}: ${describeCause(cause)}.`, {
      cause,
    });
  }
}

async function* lines(input: AsyncIterable<Buffer | string>): AsyncGenerator<string, void, undefined> {
  for await (const line of pieces(input, '\n')) {
    const name = line.replace(/\r$/, '');
    if (name !== '') yield name;
  }
}

/** The pieces between separators, except empty ones, and without a byte order mark before the first line. */
export async function* pieces(
  input: AsyncIterable<Buffer | string>,
  separator: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isStart = separator === '\n';
  for await (const chunk of input) {
    let text = rest + decoder.write(Buffer.from(chunk));
    if (isStart && text !== '') {
      text = text.replace(/^\ufeff/, '');
      isStart = false;
    }
    const parts = text.split(separator);
    rest = parts.pop()!;
    yield* parts.filter((part) => part !== '');
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

interface Line {
  readonly name: unknown;
  readonly outcome: unknown;
}

interface End {
  readonly interrupted?: unknown;
  readonly error?: unknown;
}

/**
 * Names of the images that failed, from a report, which has one image per line. If the report may be incomplete, this
 * throws USAGE after the last one.
 */
export async function* retryFrom(file: string): AsyncGenerator<ExactName, void, undefined> {
  let lines = 0;
  let end: End | undefined;
  for await (const line of linesOfReport(file)) {
    if (lines++ === 0 && !line.startsWith('{"report":1,'))
      throw new UsageError(`${file} is not a report of reso.`);
    if (line.startsWith('],"totals":')) end = parseLine(file, `{${line.slice(2)}`) as End;
    if (!line.startsWith('{"name":')) continue;
    const { name, outcome } = parseLine(file, line.replace(/,\r?$/, '')) as Line;
    if (outcome === 'failed' && typeof name === 'string') yield { name };
  }
  if (lines === 0) throw new UsageError(`${file} is not a report of reso: it is empty.`);
  refuseIncomplete(file, end);
}

/** A run that ended early may not have reached all images. Without this error all would seem to be there. */
function refuseIncomplete(file: string, end: End | undefined): void {
  const advice = 'Run that command again: it downloads only what is missing.';
  if (!end) throw new UsageError(`The report ${file} is cut off, so it may not name all images. ${advice}`);
  const { interrupted, error } = end;
  const reason = typeof error === 'string' ? `ended early (${error})` : 'was interrupted';
  if (interrupted === true || typeof error === 'string')
    throw new UsageError(`${file} may not name all images, because that run ${reason}. ${advice}`);
}

async function* linesOfReport(file: string): AsyncGenerator<string, void, undefined> {
  try {
    yield* pieces(createReadStream(file), '\n');
  } catch (cause) {
    throw new UsageError(`Can't read the report ${file}: ${describeCause(cause)}.`, { cause });
  }
}

function parseLine(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`The report ${file} is damaged.`, { cause });
  }
}
