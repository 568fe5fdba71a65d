import { compileGlob, Instruction, type CharacterSet, type GlobProgram } from './glob-program';

export const MAX_GLOB_BYTES = 1024;
/** Most globs that are matched together, and their total bytes. */
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

/** What is wrong with `glob`; undefined if it is valid. */
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

/** Why these valid globs can't be sent together; undefined if they can. */
export function globsFault(globs: readonly string[]): string | undefined {
  if (globs.length > MAX_GLOBS) return `there are more than ${MAX_GLOBS}`;
  const bytes = globs.reduce((sum, glob) => sum + Buffer.byteLength(glob), 0);
  return bytes > MAX_GLOBS_BYTES ? `together they are longer than ${MAX_GLOBS_BYTES} bytes` : undefined;
}

/**
 * Returns a function that tells whether a name matches one of `globs`, which must be valid. It takes time proportional to
 * the length of the name times that of the globs, and memory proportional to the globs: they come from the other side, and
 * with a regular expression or expanded braces they could be made to take forever.
 */
export function globMatcher(globs: readonly string[]): (name: string) => boolean {
  const programs = globs.map(compileGlob);
  return (name) => {
    const characters: number[] = [];
    for (const character of name) characters.push(character.codePointAt(0)!);
    return programs.some((program) => matches(program, characters));
  };
}

/** The position in the name at which each instruction was last entered. */
let entered = new Int32Array(MAX_GLOB_BYTES);
/** Instructions that wait for the current character, and for the next one. */
let waiting = new Int32Array(MAX_GLOB_BYTES);
let next = new Int32Array(MAX_GLOB_BYTES);
/** Instructions still to be entered. */
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
 * Appends to the first `count` elements of `list` the instructions reachable from `start` that wait for the character at
 * `place`, each once. Returns the new count.
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
 * Whether the valid `glob` may match a name in `folder`, which ends in `/`. May return true for a folder without matches: it
 * looks only at what comes before the first wildcard, and at how deep the glob reaches.
 */
export function mayReachInto(glob: string, folder: string): boolean {
  const [literal] = /^[^*?[{\\]*/.exec(glob)!;
  const isOnTheWay = literal.startsWith(folder) || folder.startsWith(literal);
  return isOnTheWay && (glob.includes('**') || depthOf(glob) >= depthOf(folder));
}

function depthOf(text: string): number {
  return text.split('/').length;
}
