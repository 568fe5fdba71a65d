import { thumbHashToDataURL } from 'thumbhash';

const MOST_KEPT = 1000;
const kept = new Map<string, string>();

/** The blurred placeholder of an image as the URL of a picture, if it has been drawn before. */
export function knownLikeness(hash: string): string | undefined {
  return kept.get(hash);
}

/** Draws it. This takes at least a fifth of a millisecond, so the latest ones are kept. */
export function likeness(hash: string): string {
  const known = kept.get(hash);
  if (known !== undefined) return known;
  const bytes = Uint8Array.from(atob(hash), (char) => char.charCodeAt(0));
  const url = thumbHashToDataURL(bytes);
  kept.set(hash, url);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return url;
}
