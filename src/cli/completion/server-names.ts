import { connect } from '../../index';
import { connectOptions } from '../settings/client-options';
import { CLIENT_OPTIONS } from '../settings/options';
import { resolveSettings, type Environment, type Given } from '../settings/settings';

/** Milliseconds that somebody who presses Tab may be kept waiting. */
const PATIENCE = 1000;

/** More than anybody reads. */
const MOST = 500;

/**
 * Names on the server that begin with `prefix`, each as far as its next slash, as a shell completes paths. None where
 * nothing names a server. Throws whatever goes wrong.
 */
export async function namesLike(prefix: string, given: Given, env: Environment): Promise<readonly string[]> {
  const settings = resolveSettings(CLIENT_OPTIONS, given, env);
  if (settings.server.length === 0) return [];
  const signal = AbortSignal.timeout(PATIENCE);
  const silent = { say: () => undefined };
  const client = connect(
    connectOptions({ settings: { ...settings, retries: 0 }, env, terminal: silent, signal }),
  );
  const found = new Set<string>();
  try {
    for await (const { name } of client.list({ globs: globsFor(prefix) })) {
      if (name.startsWith(prefix)) found.add(upToSlash(name, prefix.length));
      if (found.size >= MOST) break;
    }
  } catch (error) {
    // What came in time is better than nothing.
    if (found.size === 0) throw error;
  } finally {
    client.close();
  }
  return [...found].filter(isTypable);
}

function globsFor(prefix: string): readonly string[] | undefined {
  return prefix === '' ? undefined : [`${prefix.replace(/[\\*?[{]/g, '\\$&')}**`];
}

function upToSlash(name: string, from: number): string {
  const slash = name.indexOf('/', from);
  return slash === -1 ? name : name.slice(0, slash + 1);
}

/** A newline or a tab would end a candidate; what moves the cursor does not belong on a terminal. */
function isTypable(name: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name);
}
