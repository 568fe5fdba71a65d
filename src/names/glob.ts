export const MAX_GLOB_BYTES = 1024;
export const MAX_GLOB_ALTERNATIVES = 64;

/** One step of a pattern: what a character must be, and whether it may be there any number of times. */
interface Step {
  matches(char: string): boolean;
  readonly repeats: boolean;
  /** A step that may be left out together with those up to `skipTo`: the `**\/` that is also nothing. */
  readonly skipTo?: number;
}

const notSlash = (char: string) => char !== '/';
const anything = () => true;
const nothing = () => false;

/** Whether `text` holds a character that means something in a glob. */
export function hasGlob(text: string): boolean {
  return /[*?[{\\]/.test(text);
}

/** Why `glob` is none, or undefined. */
export function globFault(glob: string): string | undefined {
  if (glob === '') return 'it is empty';
  if (Buffer.byteLength(glob) > MAX_GLOB_BYTES) return `it is longer than ${MAX_GLOB_BYTES} bytes`;
  try {
    expand(glob).forEach(parse);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * A function that tells whether a name matches one of `globs`, in time that grows with the product of the two
 * lengths and no faster: a glob comes from the other side, and a regular expression could be made to take for ever.
 * The globs must be without fault.
 */
export function globMatcher(globs: readonly string[]): (name: string) => boolean {
  const patterns = globs.flatMap(expand).map(parse);
  return (name) => {
    const characters = [...name];
    return patterns.some((steps) => matches(steps, characters));
  };
}

function matches(steps: readonly Step[], characters: readonly string[]): boolean {
  // Which character a state was entered for last: that keeps each state from being entered twice for one.
  const entered = new Int32Array(steps.length + 1).fill(-1);
  let states: number[] = [];
  enter(steps, 0, states, entered, 0);
  for (let i = 0; i < characters.length; i++) {
    const next: number[] = [];
    for (const state of states) {
      const step = steps[state];
      if (!step?.matches(characters[i]!)) continue;
      enter(steps, step.repeats ? state : state + 1, next, entered, i + 1);
    }
    if (next.length === 0) return false;
    states = next;
  }
  return states.includes(steps.length);
}

/** Adds `state` to `states`, and all that can be reached from it without a character. */
function enter(
  steps: readonly Step[],
  state: number,
  states: number[],
  entered: Int32Array,
  at: number,
): void {
  for (let one: number | undefined = state; one !== undefined && entered[one] !== at;) {
    entered[one] = at;
    states.push(one);
    const step: Step | undefined = steps[one];
    if (step?.skipTo !== undefined) enter(steps, step.skipTo, states, entered, at);
    one = step?.repeats ? one + 1 : undefined;
  }
}

function parse(glob: string): Step[] {
  const steps: Step[] = [];
  const characters = [...glob];
  let i = 0;
  while (i < characters.length) {
    const char = characters[i]!;
    if (char === '*') i = parseStars(characters, i, steps);
    else if (char === '[') i = parseClass(characters, i, steps);
    else if (char === '\\') {
      if (i + 1 >= characters.length) throw new Error('it ends in a backslash');
      steps.push(literal(characters[i + 1]!));
      i += 2;
    } else {
      steps.push(char === '?' ? { matches: notSlash, repeats: false } : literal(char));
      i++;
    }
  }
  return steps;
}

function literal(wanted: string): Step {
  return { matches: (char) => char === wanted, repeats: false };
}

function parseStars(characters: readonly string[], start: number, steps: Step[]): number {
  let end = start;
  while (characters[end] === '*') end++;
  if (end - start === 1) {
    steps.push({ matches: notSlash, repeats: true });
    return end;
  }
  const wholeComponent = characters[end] === '/' && (start === 0 || characters[start - 1] === '/');
  if (!wholeComponent) {
    steps.push({ matches: anything, repeats: true });
    return end;
  }
  // Whether it is nothing at all is decided before its first character: later its "/" can't be left out any more.
  steps.push({ matches: nothing, repeats: true, skipTo: steps.length + 3 });
  steps.push({ matches: anything, repeats: true }, literal('/'));
  return end + 1;
}

function parseClass(characters: readonly string[], start: number, steps: Step[]): number {
  const negated = characters[start + 1] === '!' || characters[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  const ranges: [number, number][] = [];
  let i = first;
  for (; characters[i] !== ']' || i === first; i++) {
    if (i >= characters.length) throw new Error('a "[" in it is not closed');
    if (characters[i] === '\\') i++;
    const low = codePoint(characters[i]);
    const isRange = characters[i + 1] === '-' && characters[i + 2] !== ']' && i + 2 < characters.length;
    if (isRange) i += 2;
    if (isRange && characters[i] === '\\') i++;
    ranges.push([low, isRange ? codePoint(characters[i]) : low]);
  }
  const inSet = (char: string) =>
    ranges.some(([low, high]) => low <= codePoint(char) && codePoint(char) <= high);
  steps.push({ matches: (char) => notSlash(char) && inSet(char) !== negated, repeats: false });
  return i + 1;
}

function codePoint(char: string | undefined): number {
  if (char === undefined) throw new Error('a "[" in it is not closed');
  return char.codePointAt(0)!;
}

/** The globs without braces that `glob` stands for. */
function expand(glob: string): string[] {
  let expanded = [''];
  for (const part of splitBraces(glob)) {
    expanded = expanded.flatMap((head) => part.map((tail) => head + tail));
    if (expanded.length > MAX_GLOB_ALTERNATIVES) {
      throw new Error(`it stands for more than ${MAX_GLOB_ALTERNATIVES} alternatives`);
    }
  }
  return expanded;
}

/** The parts of a glob, each as its alternatives: `a{b,c}` is `[['a'], ['b', 'c']]`. */
function splitBraces(glob: string): string[][] {
  const parts: string[][] = [['']];
  let open = false;
  const append = (text: string) => {
    const part = parts.at(-1)!;
    part[part.length - 1] += text;
  };
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i]!;
    if (char === '\\') append(glob.slice(i, ++i + 1));
    else if (char === '{' && open) throw new Error('its braces are nested');
    else if (char === '{') {
      open = true;
      parts.push(['']);
    } else if (char === ',' && open) parts.at(-1)!.push('');
    else if (char === '}' && open) {
      open = false;
      parts.push(['']);
    } else append(char);
  }
  if (open) throw new Error('a "{" in it is not closed');
  return parts;
}
