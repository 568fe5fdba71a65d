import { nameFault } from '../names';
import { MAX_TOKEN, MIN_TOKEN } from './token';

/** A line of a token file. */
export interface TokenLine {
  /** The name that the log uses for the owner of this token. */
  readonly name: string;
  readonly token: string;
  /** Images and folders that this token gives access to; undefined: all. */
  readonly prefixes: readonly string[] | undefined;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const TOKEN = /^[\x21-\x7e]+$/;

/** The contents of a token file. */
export interface TokenFile {
  readonly tokens: readonly TokenLine[];
  /** What is wrong with the other lines. Each gives the line number but nothing of the line's text, which is secret. */
  readonly faults: readonly string[];
}

/**
 * The tokens in the text of a file, one per line: `NAME TOKEN [PREFIX...]`, or a token alone. A prefix with spaces is
 * written as a JSON string, in double quotes. Empty lines and lines that begin with `#` are skipped.
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
      if (tokens.has(token.name)) throw fault(i + 1, 'the name is already used on an earlier line');
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
  if (!NAME.test(name!))
    throw fault(number, 'a name consists of at most 64 letters, digits, ".", "_", "@" and "-"');
  if (!TOKEN.test(token!) || token!.length < MIN_TOKEN || token!.length > MAX_TOKEN)
    throw fault(number, `a token consists of ${MIN_TOKEN} to ${MAX_TOKEN} printable characters`);
  return {
    name: name!,
    token: token!,
    prefixes: prefixes.length > 0 ? prefixes.map((prefix) => parsePrefix(prefix, number)) : undefined,
  };
}

function parsePrefix(field: string, number: number): string {
  const prefix = (field.startsWith('"') ? unquote(field, number) : field).replace(/\/+$/, '');
  const wrong = nameFault(prefix);
  if (wrong !== undefined)
    throw fault(number, `a prefix is not a valid name of an image or folder: ${wrong}`);
  return prefix;
}

function unquote(field: string, number: number): string {
  try {
    return JSON.parse(field) as string;
  } catch {
    throw fault(number, 'the quoted text is not a JSON string');
  }
}

/** Without a cause, which could contain the line's text. */
function fault(number: number, why: string): Fault {
  return new Fault(`line ${number}: ${why}`);
}
