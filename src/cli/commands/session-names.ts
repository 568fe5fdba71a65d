import type { Client } from '../../index';
import { escapeForDisplay, escapeGlob } from '../../names';
import type { Completer } from '../terminal/answers';
import { formatCount } from '../terminal/quantity';
import type { Terminal } from '../terminal/terminal';

/** Names that Tab asks the server for, and milliseconds that it has for them. */
const MOST_LOOKED_AT = 1000;
const PATIENCE = 1000;

/** Names that a list shows, and that it counts behind these. */
const MOST_SHOWN = 50;
const MOST_COUNTED = 10_000;

/** What there is below what was typed so far: names, and folders with a slash. Whatever goes wrong, it is just less. */
export function completer(client: () => Client): Completer {
  return async (beginning) => {
    const found = new Set<string>();
    let timer: NodeJS.Timeout | undefined;
    const timeIsUp = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE)));
    await Promise.race([gather(client, beginning, found), timeIsUp]).catch(() => undefined);
    clearTimeout(timer);
    return [...found];
  };
}

async function gather(client: () => Client, beginning: string, found: Set<string>): Promise<void> {
  const typed = escapeGlob(beginning);
  let looked = 0;
  for await (const { name } of client().list({ globs: [`${typed}*`, `${typed}*/**`] })) {
    const slash = name.indexOf('/', beginning.length);
    const next = slash < 0 ? name : name.slice(0, slash + 1);
    // The terminal would act on what others can't be shown without.
    if (escapeForDisplay(next) === next) found.add(next);
    if (++looked >= MOST_LOOKED_AT) return;
  }
}

/** Whether the answer asks for a list: no image and no folder is called like that. */
export async function asksForList(client: Client, answer: string): Promise<boolean> {
  if (answer !== '?' && answer !== 'ls') return false;
  const name = escapeGlob(answer);
  const { done } = await client.list({ globs: [name, `${name}/**`] }).next();
  return done === true;
}

/** Prints what there is, as far as it fits on a screen or so. */
export async function printNames(client: Client, terminal: Terminal): Promise<void> {
  let lines = '';
  let count = 0;
  for await (const { name } of client.list()) {
    if (++count <= MOST_SHOWN) lines += `${terminal.shown(name)}\n`;
    if (count > MOST_SHOWN + MOST_COUNTED) break;
  }
  await terminal.print(lines + restOf(count));
}

function restOf(count: number): string {
  if (count === 0) return 'The server has no images.\n';
  if (count <= MOST_SHOWN) return '';
  const isAll = count <= MOST_SHOWN + MOST_COUNTED;
  const more = isAll ? formatCount(count - MOST_SHOWN) : `more than ${formatCount(MOST_COUNTED)}`;
  return `… and ${more} more: 'reso ls' lists them all.\n`;
}
