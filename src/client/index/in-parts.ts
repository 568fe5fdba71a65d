export function* inParts<T>(all: readonly T[], most: number): Generator<readonly T[], void, undefined> {
  for (let i = 0; i < all.length; i += most) yield all.slice(i, i + most);
}
