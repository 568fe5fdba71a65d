import { UsageError } from '../../errors';
import { nameOf, type Option, type OptionTable, type Values } from './option';
import type { Parser } from './parse';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line says, by the keys of a table: text, or true for a switch. */
export type Given = Readonly<Record<string, string | readonly string[] | true | undefined>>;

/** `filesFrom` is `RESO_FILES_FROM`. */
export function variableOf(key: string): string {
  return `RESO_${key.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

/** Kubernetes and Docker links set `RESO_PORT` to such an address if a service is called reso. */
const ADDRESS_OF_SERVICE = /^(?:tcp|udp|sctp):\/\//;

/** `env` without the variables that only look like ours. `onIgnored` is told of each. */
export function ownVariables(env: Environment, onIgnored: (message: string) => void): Environment {
  const isForeign = (name: string) =>
    name.startsWith('RESO_') && name.endsWith('_PORT') && ADDRESS_OF_SERVICE.test(env[name] ?? '');
  const foreign = Object.keys(env).filter(isForeign);
  for (const name of foreign)
    onIgnored(`Ignoring ${name}=${env[name]}: it is the address of a service, set by Kubernetes or Docker.`);
  if (foreign.length === 0) return env;
  return { ...env, ...Object.fromEntries(foreign.map((name) => [name, undefined])) };
}

/** The value of each option: from the command line, else from its variable, else its default. Throws USAGE. */
export function resolveSettings<Table extends OptionTable>(
  table: Table,
  given: Given,
  env: Environment,
): Values<Table> {
  const entries = Object.entries(table).map(([key, option]) => [
    key,
    resolveOne(key, option, given[key], env),
  ]);
  return Object.fromEntries(entries) as Values<Table>;
}

function resolveOne(
  key: string,
  option: Option<unknown>,
  given: string | readonly string[] | true | undefined,
  env: Environment,
): unknown {
  if (given === true) return true;
  if (typeof given === 'string') return parseNamed(nameOf(option), option.parse, given);
  if (given !== undefined) return given.flatMap((text) => parseNamed(nameOf(option), option.parse, text));
  return fromVariable(variableOf(key), option.parse, env) ?? option.fallback;
}

/** An empty variable counts as not set: Compose passes `${NAME:-}` like that. */
export function fromVariable<T>(variable: string, parse: Parser<T>, env: Environment): T | undefined {
  const text = env[variable];
  return text === undefined || text === '' ? undefined : parseNamed(variable, parse, text);
}

function parseNamed<T>(name: string, parse: Parser<T>, text: string): T {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new UsageError(`${name} ${cause.message}.`, { cause });
  }
}
