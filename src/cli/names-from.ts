import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { describeCause, UsageError } from '../errors';

/** Names from a file, or from stdin for `-`: one a line, or each before a NUL. Read as they are asked for. */
export async function* namesFrom(file: string, endsInNul: boolean): AsyncGenerator<string, void, undefined> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    yield* endsInNul ? pieces(input, '\0') : lines(input);
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

/** What stands between separators, without what is empty. */
export async function* pieces(
  input: AsyncIterable<Buffer | string>,
  separator: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of input) {
    const parts = (rest + decoder.write(Buffer.from(chunk))).split(separator);
    rest = parts.pop()!;
    yield* parts.filter((part) => part !== '');
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
