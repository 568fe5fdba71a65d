import { compileGlob, Instruction, type CharacterSet, type GlobProgram } from './glob-program';

export const MAX_GLOB_BYTES = 1024;
/** Globs that are matched together, and their bytes in all. */
export const MAX_GLOBS = 64;
export const MAX_GLOBS_BYTES = 16_384;

const { CHARACTER, NOT_SLASH, IN_SET, RUN, RUN_IN_COMPONENT, SPLIT, JUMP, SKIP, END } = Instruction;
const SLASH = '/'.codePointAt(0)!;

/** A glob that matches `text` alone. */
export function escapeGlob(text: string): string {
  return text.replace(/[*?[\]{}\\]/g, '\\$&');
}

/** Whether `text` holds a character that means something in a glob. */
export function hasGlob(text: string): boolean {
  return /[*?[{\\]/.test(text);
}

/** Why `glob` is none, or undefined. */
export function globFault(glob: string): string | undefined {
  if (glob === '') return 'it is empty';
  if (Buffer.byteLength(glob) > MAX_GLOB_BYTES) return `it is longer than ${MAX_GLOB_BYTES} bytes`;
  try {
    compileGlob(glob);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why these globs, each without fault, can't be asked for together, or undefined. */
export function globsFault(globs: readonly string[]): string | undefined {
  if (globs.length > MAX_GLOBS) return `there are more than ${MAX_GLOBS}`;
  const bytes = globs.reduce((sum, glob) => sum + Buffer.byteLength(glob), 0);
  return bytes > MAX_GLOBS_BYTES ? `they are longer than ${MAX_GLOBS_BYTES} bytes together` : undefined;
}

/**
 * A function that tells whether a name matches one of `globs`. It takes time proportional to the length of the name
 * times that of the globs, and memory proportional to the globs: they come from the other side, and a regular
 * expression, or braces written out, could be made to take for ever. The globs must be without fault.
 */
export function globMatcher(globs: readonly string[]): (name: string) => boolean {
  const programs = globs.map(compileGlob);
  return (name) => {
    const characters: number[] = [];
    for (const character of name) characters.push(character.codePointAt(0)!);
    return programs.some((program) => matches(program, characters));
  };
}

/** The place in the name for which each instruction was entered last. */
let entered = new Int32Array(MAX_GLOB_BYTES);
/** Instructions that wait for the character at hand, and for the one behind it. */
let waiting = new Int32Array(MAX_GLOB_BYTES);
let next = new Int32Array(MAX_GLOB_BYTES);
/** Instructions that are still to be entered. */
const pending: number[] = [];

/** Matching is never interrupted, so all programs share the same memory. */
function makeRoom(instructions: number): void {
  if (entered.length < instructions) {
    entered = new Int32Array(instructions);
    waiting = new Int32Array(instructions);
    next = new Int32Array(instructions);
  }
  entered.fill(-1, 0, instructions);
}

function matches(program: GlobProgram, characters: readonly number[]): boolean {
  const { code } = program;
  makeRoom(code.length);
  let count = enter(program, 0, 0, true, waiting, 0);
  for (let place = 0; place < characters.length; place++) {
    if (count === 0) return false;
    const character = characters[place]!;
    let nextCount = 0;
    for (let i = 0; i < count; i++) {
      const at = waiting[i]!;
      if (!takes(program, at, character)) continue;
      const isRun = code[at] === RUN || code[at] === RUN_IN_COMPONENT;
      nextCount = enter(program, isRun ? at : at + 1, place + 1, character === SLASH, next, nextCount);
    }
    [waiting, next] = [next, waiting];
    count = nextCount;
  }
  return waiting.subarray(0, count).includes(code.length - 1);
}

/**
 * Puts into `list`, behind the first `count`, what waits for the character at `place` from instruction `start` on, each
 * once. Gives how many there are then.
 */
function enter(
  { code, argument }: GlobProgram,
  start: number,
  place: number,
  isComponentStart: boolean,
  list: Int32Array,
  count: number,
): number {
  pending.push(start);
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (entered[at] === place) continue;
    entered[at] = place;
    const kind = code[at]!;
    if (kind < SPLIT || kind === END) list[count++] = at;
    if (kind === SPLIT || kind === JUMP || (kind === SKIP && isComponentStart)) pending.push(argument[at]!);
    if (kind === SPLIT || kind === SKIP || kind === RUN || kind === RUN_IN_COMPONENT) pending.push(at + 1);
  }
  return count;
}

function takes({ code, argument, sets }: GlobProgram, at: number, character: number): boolean {
  switch (code[at]) {
    case CHARACTER:
      return argument[at] === character;
    case NOT_SLASH:
    case RUN_IN_COMPONENT:
      return character !== SLASH;
    case IN_SET:
      return character !== SLASH && isIn(sets[argument[at]!]!, character);
    default:
      return code[at] === RUN;
  }
}

function isIn({ ranges, isNegated }: CharacterSet, character: number): boolean {
  return ranges.some(([low, high]) => low <= character && character <= high) !== isNegated;
}

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
