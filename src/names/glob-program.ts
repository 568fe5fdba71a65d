/** A compiled glob: the program of a nondeterministic automaton, whose paths are followed in parallel (Thompson 1968). */
export interface GlobProgram {
  readonly code: Uint8Array;
  /** One per instruction; the code says what it means. */
  readonly argument: Int32Array;
  readonly sets: readonly CharacterSet[];
}

export interface CharacterSet {
  readonly isNegated: boolean;
  /** Ranges of code points, both ends included. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
}

export const Instruction = {
  /** Matches the character `argument`. */
  CHARACTER: 0,
  /** Matches any one character except a slash. */
  NOT_SLASH: 1,
  /** Matches one character of the set `argument`. */
  IN_SET: 2,
  /** Matches any number of characters. */
  RUN: 3,
  /** Matches any number of characters except slashes. */
  RUN_IN_COMPONENT: 4,
  /** Continues at the next instruction and at `argument`. */
  SPLIT: 5,
  /** Continues at `argument`. */
  JUMP: 6,
  /** Continues at the next instruction and, at the start of a name component, at `argument`. */
  SKIP: 7,
  /** The last instruction: a name that ends here matches. */
  END: 8,
} as const;

const MAX_ALTERNATIVES = 64;
const SLASH = '/'.codePointAt(0)!;

/** Compiles a glob to at most two instructions per character. Throws an Error that says what is wrong with it. */
export function compileGlob(glob: string): GlobProgram {
  const compiler = new Compiler();
  let combinations = 1;
  for (const alternatives of splitBraces(glob)) {
    combinations *= alternatives.length;
    if (combinations > MAX_ALTERNATIVES)
      throw new Error(`it expands to more than ${MAX_ALTERNATIVES} alternatives`);
    compiler.addOneOf(alternatives);
  }
  return compiler.finish();
}

class Compiler {
  readonly #code: number[] = [];
  readonly #argument: number[] = [];
  readonly #sets: CharacterSet[] = [];

  finish(): GlobProgram {
    this.#add(Instruction.END);
    return { code: Uint8Array.from(this.#code), argument: Int32Array.from(this.#argument), sets: this.#sets };
  }

  addOneOf(alternatives: readonly string[]): void {
    const ends: number[] = [];
    for (const alternative of alternatives.slice(0, -1)) {
      const split = this.#add(Instruction.SPLIT);
      this.#addText([...alternative]);
      ends.push(this.#add(Instruction.JUMP));
      this.#leadHere(split);
    }
    this.#addText([...alternatives.at(-1)!]);
    for (const end of ends) this.#leadHere(end);
  }

  /** Returns the number of the instruction. */
  #add(kind: number, argument = 0): number {
    this.#argument.push(argument);
    return this.#code.push(kind) - 1;
  }

  #leadHere(instruction: number): void {
    this.#argument[instruction] = this.#code.length;
  }

  #addText(characters: readonly string[]): void {
    for (let i = 0; i < characters.length;) {
      const char = characters[i]!;
      if (char === '*') i = this.#addStars(characters, i);
      else if (char === '[') i = this.#addSet(characters, i);
      else if (char === '\\') {
        if (i + 1 >= characters.length) throw new Error('it ends with a backslash');
        this.#addLiteral(characters[i + 1]!);
        i += 2;
      } else {
        if (char === '?') this.#add(Instruction.NOT_SLASH);
        else this.#addLiteral(char);
        i++;
      }
    }
  }

  #addLiteral(char: string): void {
    this.#add(Instruction.CHARACTER, char.codePointAt(0));
  }

  #addStars(characters: readonly string[], start: number): number {
    let end = start;
    while (characters[end] === '*') end++;
    if (end - start === 1) {
      this.#add(Instruction.RUN_IN_COMPONENT);
      return end;
    }
    if (characters[end] !== '/') {
      this.#add(Instruction.RUN);
      return end;
    }
    const skip = this.#add(Instruction.SKIP);
    this.#add(Instruction.RUN);
    this.#add(Instruction.CHARACTER, SLASH);
    this.#leadHere(skip);
    return end + 1;
  }

  #addSet(characters: readonly string[], start: number): number {
    const isNegated = characters[start + 1] === '!' || characters[start + 1] === '^';
    const first = start + (isNegated ? 2 : 1);
    const ranges: [number, number][] = [];
    let i = first;
    for (; characters[i] !== ']' || i === first; i++) {
      if (characters[i] === '\\') i++;
      const low = setMember(characters[i]);
      const isRange = characters[i + 1] === '-' && characters[i + 2] !== ']' && i + 2 < characters.length;
      if (isRange) i += 2;
      if (isRange && characters[i] === '\\') i++;
      ranges.push([low, isRange ? setMember(characters[i]) : low]);
    }
    this.#add(Instruction.IN_SET, this.#sets.push({ isNegated, ranges }) - 1);
    return i + 1;
  }
}

function setMember(char: string | undefined): number {
  if (char === undefined) throw new Error('its "[" is not closed');
  return char.codePointAt(0)!;
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
  if (open) throw new Error('its "{" is not closed');
  return parts;
}
