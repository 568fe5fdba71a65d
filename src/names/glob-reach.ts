/**
 * Whether `glob`, which is without fault, may match a name in `folder`, given with a `/` behind it. It says yes where that is
 * not plain to see: it looks only at what comes before the first wildcard, and at how deep the glob reaches.
 */
export function mayReachInto(glob: string, folder: string): boolean {
  const [literal] = /^[^*?[{\\]*/.exec(glob)!;
  const isOnTheWay = literal.startsWith(folder) || folder.startsWith(literal);
  return isOnTheWay && (glob.includes('**') || depthOf(glob) >= depthOf(folder));
}

function depthOf(text: string): number {
  return text.split('/').length;
}
