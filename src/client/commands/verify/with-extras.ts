import { compareNames } from '../../../names';

export interface Extra {
  readonly extra: string;
}

/** `listed`, and where they belong among it those of `local` that it lacks; both are in byte order of the names. */
export async function* withExtras<T extends { readonly name: string }>(
  listed: AsyncIterable<T>,
  local: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<T | Extra, void, undefined> {
  let here = await local.next();
  for await (const one of listed) {
    for (; !here.done && compareNames(here.value, one.name) < 0; here = await local.next()) {
      yield { extra: here.value };
    }
    if (!here.done && here.value === one.name) here = await local.next();
    yield one;
  }
  for (; !here.done; here = await local.next()) yield { extra: here.value };
}
