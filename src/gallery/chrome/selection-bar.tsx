import { copied } from '../clipboard';
import { getCommand, NAMES_FILE, needsNamesFile } from '../command';
import type { Protocol } from '../settings';
import { countText } from '../text';
import { Icon } from './icons';

interface SelectionBarProps {
  readonly names: ReadonlySet<string>;
  readonly protocol: Protocol;
  clear(): void;
  say(message: string): void;
}

/** Actions for the selected images. */
export function SelectionBar({ names, protocol, clear, say }: SelectionBarProps) {
  if (names.size === 0) return null;
  const copy = async () => {
    const sorted = [...names].sort();
    if (!(await copied(getCommand(sorted, protocol))))
      return say('This browser does not allow copying. Save the names instead.');
    say(
      needsNamesFile(sorted)
        ? `Command copied. It reads ${NAMES_FILE}: save that file too, and run the command in its folder.`
        : 'Command copied. Paste it into a terminal.',
    );
  };
  return (
    <section class="selection" aria-label="Selected images">
      <span class="selection-count">{countText(names.size)} selected</span>
      <button class="button is-main" onClick={() => void copy()}>
        Copy as reso get
      </button>
      <button class="button" onClick={() => saveNames([...names].sort())}>
        Save names
      </button>
      <button
        class="control"
        onClick={clear}
        aria-label="Clear the selection"
        title="Clear the selection (Esc)"
      >
        <Icon name="close" />
      </button>
    </section>
  );
}

/** In the format of `reso get --files-from`. */
function saveNames(names: readonly string[]): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob(
      names.map((name) => `${name}\n`),
      { type: 'text/plain' },
    ),
  );
  link.download = NAMES_FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
