export const LEFT_OUT_REASONS = [
  'symlink',
  'hidden',
  'special',
  'notImage',
  'badName',
  'unreadable',
] as const;

/**
 * Why something in the folder is not served: a symlink; hidden (its name begins with a dot); no regular file and no
 * folder; not an image; a name that can't be one (invalid UTF-8, too long); could not be looked at.
 */
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** How many files and folders were left out, by reason. What lies in a folder that is left out is not counted. */
export type LeftOut = Record<LeftOutReason, number>;

export function nothingLeftOut(): LeftOut {
  return { symlink: 0, hidden: 0, special: 0, notImage: 0, badName: 0, unreadable: 0 };
}
