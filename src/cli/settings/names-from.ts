import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { describeCause, UsageError } from '../../errors';
import type { ExactName } from '../../index';
import { nameMeant } from '../../names';

/** Names from a file, or from stdin for `-`: one a line, or each before a NUL; no globs. Read as they are asked for. */
export async function* namesFrom(
  file: string,
  endsInNul: boolean,
): AsyncGenerator<ExactName, void, undefined> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    for await (const text of endsInNul ? pieces(input, '\0') : lines(input)) yield { name: nameMeant(text) };
  } catch (cause) {
    throw new UsageError(
      `Names can't be read from ${file === '-' ? 'stdin' : file}: ${describeCause(cause)}.`,
      {
        cause,
      },
    );
  }
}

async function* lines(input: AsyncIterable<Buffer | string>): AsyncGenerator<string, void, undefined> {
  for await (const line of pieces(input, '\n')) {
    const name = line.replace(/\r$/, '');
    if (name !== '') yield name;
  }
}

/** What stands between separators, without what is empty, and without the byte order mark before the first line. */
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
