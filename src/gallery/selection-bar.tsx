import { countText, shellWord } from './text';

interface SelectionBarProps {
  readonly names: ReadonlySet<string>;
  clear(): void;
  say(message: string): void;
}

/** Names that a command line still holds. More of them go through a file. */
const MOST_IN_COMMAND = 40;

/** What can be done with the images that were selected. */
export function SelectionBar({ names, clear, say }: SelectionBarProps) {
  if (names.size === 0) return null;
  const sorted = [...names].sort();
  const copy = async () => {
    const isCopied = await copied(commandFor(sorted));
    say(
      isCopied
        ? 'Copied. Paste it into a terminal.'
        : 'This browser copies nothing without HTTPS: use the file of names.',
    );
  };
  return (
    <div class="selection" role="toolbar" aria-label="Selected images">
      <span>{countText(names.size)} selected</span>
      <button class="button is-main" onClick={() => void copy()}>
        Copy as reso get
      </button>
      <a class="button" href={fileOfNames(sorted)} download="names.txt">
        File of names
      </a>
      <button class="button" onClick={clear}>
        Clear
      </button>
    </div>
  );
}

/** The command that fetches them, with the file of names where there are many. */
export function commandFor(names: readonly string[]): string {
  const server = `-s ${location.hostname}`;
  if (names.length > MOST_IN_COMMAND) return `reso get ${server} --files-from names.txt`;
  return `reso get ${server} ${names.map(shellWord).join(' ')}`;
}

function fileOfNames(names: readonly string[]): string {
  return `data:text/plain;charset=utf-8,${encodeURIComponent(`${names.join('\n')}\n`)}`;
}

/** False where the page may not: the clipboard needs a secure context. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
