export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Width and height from the first bytes, for simple formats that sharp does not read. */
export function sizeFromHead(format: string, head: Buffer): Size | undefined {
  try {
    return READERS[format]?.(head);
  } catch {
    // The file ends too early.
    return undefined;
  }
}

const READERS: Readonly<Record<string, (head: Buffer) => Size>> = {
  psd: (head) => ({ width: head.readUInt32BE(18), height: head.readUInt32BE(14) }),
  qoi: (head) => ({ width: head.readUInt32BE(4), height: head.readUInt32BE(8) }),
  bmp: sizeOfBmp,
  ico: sizeOfIcon,
};

/** The oldest variant has 16-bit sizes; a negative height means that rows run from top to bottom. */
function sizeOfBmp(head: Buffer): Size {
  return head.readUInt32LE(14) === 12
    ? { width: head.readUInt16LE(18), height: head.readUInt16LE(20) }
    : { width: head.readInt32LE(18), height: Math.abs(head.readInt32LE(22)) };
}

/** The size of the largest picture; 0 means 256. */
function sizeOfIcon(head: Buffer): Size {
  const count = Math.min(head.readUInt16LE(4), Math.floor((head.length - 6) / 16));
  const sides = Array.from({ length: count }, (_, i) => [head[6 + 16 * i]! || 256, head[7 + 16 * i]! || 256]);
  const [width, height] = sides.reduce((best, one) => (one[0]! > best[0]! ? one : best));
  return { width: width!, height: height! };
}
