import { nameFault } from '../names';
import { MAX_TOKEN, MIN_TOKEN } from './token';

/** A line of a token file. */
export interface TokenLine {
  /** What the log calls whoever has this token. */
  readonly name: string;
  readonly token: string;
  /** Images and folders that may be read with it; undefined: all. */
  readonly prefixes: readonly string[] | undefined;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const TOKEN = /^[\x21-\x7e]+$/;

/** What a token file says. */
export interface TokenFile {
  readonly tokens: readonly TokenLine[];
  /** What is wrong with other lines. Each names its line, and nothing of what is in it. */
  readonly faults: readonly string[];
}

/**
 * The tokens in the text of a file: a line each, `NAME TOKEN [PREFIX...]`, or a token alone. A prefix with spaces stands in
 * double quotes, as a JSON string. Empty lines and lines that begin with `#` count for nothing.
 */
export function parseTokenFile(text: string): TokenFile {
  const tokens = new Map<string, TokenLine>();
  const faults: string[] = [];
  for (const [i, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    try {
      const token = parseLine(line, i + 1);
      if (tokens.has(token.name)) throw fault(i + 1, 'the name is that of a line before');
      tokens.set(token.name, token);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(error.message);
    }
  }
  return { tokens: [...tokens.values()], faults };
}

class Fault extends Error {}

function parseLine(line: string, number: number): TokenLine {
  const fields = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const [name, token, ...prefixes] = fields.length === 1 ? [`token-${number}`, ...fields] : fields;
  if (!NAME.test(name!)) throw fault(number, 'a name has letters, digits, ".", "_", "@" and "-", 64 at most');
  if (!TOKEN.test(token!) || token!.length < MIN_TOKEN || token!.length > MAX_TOKEN)
    throw fault(number, `a token has ${MIN_TOKEN} to ${MAX_TOKEN} printable characters`);
  return {
    name: name!,
    token: token!,
    prefixes: prefixes.length > 0 ? prefixes.map((prefix) => parsePrefix(prefix, number)) : undefined,
  };
}

function parsePrefix(field: string, number: number): string {
  const prefix = (field.startsWith('"') ? unquote(field, number) : field).replace(/\/+$/, '');
  const wrong = nameFault(prefix);
  if (wrong !== undefined) throw fault(number, `a prefix can't be the name of an image or folder: ${wrong}`);
  return prefix;
}

function unquote(field: string, number: number): string {
  try {
    return JSON.parse(field) as string;
  } catch {
    throw fault(number, 'what stands in quotes is no JSON string');
  }
}

/** Without a cause: it could hold what is in the line. */
function fault(number: number, why: string): Fault {
  return new Fault(`in line ${number}, ${why}`);
}
